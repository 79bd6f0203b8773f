/* Inlined into both sources: two levels from a header. */
#ifndef DRIVER_H
#define DRIVER_H

struct request {
	int kind;
	int size;
	struct request *next;
};

struct operations {
	int (*open)(struct request *request);
	struct {
		int (*read)(struct request *request);
		int (*write)(struct request *request, int size);
	} io;
	const char *name;
};

extern volatile int log_level;

static inline __attribute__((always_inline)) int sum_of(const struct request *request)
{
	return request->kind * 3 +
	       request->size;
}

static inline __attribute__((always_inline)) int sum_all(const struct request *request)
{
	int sum = 0;

	while (request) {
		sum += sum_of(request);
		request = request->next;
	}
	return sum;
}

int driver_write(struct request *request, int size);
int last_hop(struct request *request);
__attribute__((cold)) void complain(int code);
int dispatch(int number, struct request *request);
__attribute__((noreturn)) void stop_here(const char *why);

#endif
