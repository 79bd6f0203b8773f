#include "driver.h"

/* Of the same name in driver.c, with another size; and of the same name and size as in third.c. */
static __attribute__((noinline)) int show(struct request *request)
{
	int sum = 0;

	for (int i = 0; i < request->size; i++)
		sum += sum_all(request) ^ i;
	log_level = sum;
	return sum;
}

static __attribute__((noinline)) int twin(struct request *request)
{
	log_level += 11;
	return driver_write(request, 1) + 1;
}

int middle_hop(struct request *request);

/* A switch of tail calls, as the kernel's system call switch. */
__attribute__((noinline)) int dispatch(int number, struct request *request)
{
	switch (number) {
	case 0:
		return middle_hop(request);
	case 1:
		return show(request);
	case 2:
		return twin(request);
	default:
		return -1;
	}
}
