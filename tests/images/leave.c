#include "driver.h"

/* Leaves by a jump through a pointer. */
__attribute__((noinline)) int leave_by_pointer(struct operations *ops, struct request *request)
{
	log_level = 3;
	return ops->open(request);
}

/* Leaves by a jump to one that leaves through a pointer, or else returns. */
__attribute__((noinline)) int leave_in_two(struct operations *ops, struct request *request)
{
	if (request->kind == 4)
		return -1;
	request->size = 8;
	return leave_by_pointer(ops, request);
}

static __attribute__((noinline)) int called_back(struct request *request)
{
	log_level += request->kind;
	return 1;
}

int (*callback)(struct request *request);

__attribute__((noinline)) void set_callback(int (*function)(struct request *request))
{
	callback = function;
}

/* The only place where the address of called_back is taken. */
__attribute__((noinline)) void hand_over(void)
{
	set_callback(called_back);
	log_level = 0;
}
