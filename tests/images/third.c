#include "driver.h"

/* Of the same name and size as in other.c, but it calls another function. */
static __attribute__((noinline)) int twin(struct request *request)
{
	log_level += 11;
	return dispatch(request->kind, request) + 1;
}

int third(struct request *request);

int third(struct request *request)
{
	return twin(request) + 2;
}

/* Names a function of driver.c: what it is stands in another unit than the function. */
const struct operations third_operations = {
	.open = last_hop,
	.name = "third",
};
