#include "driver.h"

volatile int log_level;

__attribute__((noreturn, noinline)) void stop_here(const char *why)
{
	for (;;)
		log_level += *why;
}

/* Of the same name in other.c, with another size. */
static __attribute__((noinline)) int show(struct request *request)
{
	log_level++;
	return sum_all(request);
}

static __attribute__((noinline)) int driver_open(struct request *request)
{
	if (request->kind == 7)
		stop_here("seven");
	return show(request) + 1;
}

static __attribute__((noinline)) int driver_read(struct request *request)
{
	log_level += 2;
	return request->size;
}

__attribute__((noinline)) int driver_write(struct request *request, int size)
{
	request->size = size;
	return show(request) * 2;
}

const struct operations driver_operations = {
	.open = driver_open,
	.io = {
		.read = driver_read,
		.write = driver_write,
	},
	.name = "driver",
};

static const struct operations *const all_operations[] = {
	0,
	&driver_operations,
};

int (*const openers[])(struct request *) = {
	0,
	driver_open,
	driver_read,
};

/* A call through a pointer, and work after it so that it is no tail call. */
__attribute__((noinline)) int call_open(unsigned int which, struct request *request)
{
	const struct operations *ops = all_operations[which & 1];

	if (!ops)
		return -1;
	return ops->open(request) + log_level;
}

/* Ends with a call that does not return: the return address is behind the function. */
__attribute__((noinline)) void give_up(struct request *request)
{
	log_level = sum_of(request);
	stop_here("given up");
}

/* Leaves by a jump. */
__attribute__((noinline)) int middle_hop(struct request *request)
{
	log_level--;
	return last_hop(request);
}

__attribute__((noinline)) int last_hop(struct request *request)
{
	int opened = call_open(1, request);

	log_level = opened;
	return opened + openers[request->kind & 1](request);
}

__attribute__((noinline)) void complain(int code)
{
	log_level = code;
}

/* Code that GCC moves to a part of its own. */
__attribute__((noinline)) int rarely(struct request *request)
{
	if (__builtin_expect(request->kind < 0, 0)) {
		complain(99);
		driver_write(request, 5);
		stop_here("negative");
	}
	return sum_all(request) + dispatch(request->kind, request);
}
