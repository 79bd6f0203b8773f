#include "driver.h"

int late_value;

/* Undefined here: of the kernel. */
extern int kernel_service(struct request *request);

static __attribute__((noinline)) int module_write(struct request *request, int size)
{
	log_level = size;
	return sum_all(request) + kernel_service(request);
}

static __attribute__((noinline)) int module_open(struct request *request)
{
	return kernel_service(request) + sum_of(request);
}

const struct operations module_operations = {
	.open = module_open,
	.io = {
		.read = kernel_service,
		.write = module_write,
	},
};

__attribute__((section(".init.text"))) int module_begin(struct request *request)
{
	late_value = module_open(request);
	return module_write(request, late_value);
}

__attribute__((section(".exit.text"))) void module_end(struct request *request)
{
	late_value = sum_all(request);
	module_write(request, 0);
	stop_here("unloaded");
}
