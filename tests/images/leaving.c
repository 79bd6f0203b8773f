#include "driver.h"

/* A module's ways into the kernel, where these are defined. */
extern int kernel_service(struct request *request);

int left;

/* Leaves by a jump into the kernel. */
__attribute__((noinline)) int module_leave(struct request *request)
{
	left = 2;
	return kernel_service(request);
}

/* Leaves by a jump through a pointer. */
__attribute__((noinline)) int module_call(const struct operations *ops, struct request *request)
{
	left = 1;
	return ops->open(request);
}

static __attribute__((noinline)) int module_open(struct request *request)
{
	return kernel_service(request) + sum_of(request);
}

/* Takes the addresses of two functions, one of its own. */
__attribute__((noinline)) void module_choose(struct operations *ops)
{
	ops->open = ops->name ? kernel_service : module_open;
}
