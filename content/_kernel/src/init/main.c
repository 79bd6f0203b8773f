// SPDX-License-Identifier: MIT
/*
 * From the first line of C to the first line of user space.
 */
#include <asm/host.h>
#include <linux/kernel.h>
#include <linux/lamp.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sysrq.h>
#include <linux/timer.h>
#include <linux/user_programs.h>

extern unsigned long init_stack[];
static unsigned long user_task_stack[THREAD_SIZE / sizeof(long)] __aligned(4096);

static struct task_struct init_task = { .comm = "swapper", .stack = init_stack };
static struct task_struct user_task = { .pid = 63, .stack = user_task_stack };

static const struct user_program *init_program;

void ret_from_fork(void (*fn)(struct pt_regs *), struct pt_regs *regs) __noreturn;
void x86_64_start_kernel(int argc, char **argv) __noreturn;

static void switch_to(struct task_struct *next)
{
	this_cpu()->current_task = next;
	this_cpu()->top_of_stack = (unsigned long)task_stack_end(next);
}

static const struct user_program *find_program(const char *name)
{
	const struct user_program *program;

	for (program = user_programs; program->path; program++)
		if (!strcmp(program->path + strlen("/bin/"), name))
			return program;
	return NULL;
}

/* Let @regs be those with which a program begins. */
static void start_thread(struct pt_regs *regs, void (*ip)(void), unsigned long *sp)
{
	*regs = (struct pt_regs){
		.orig_ax = -1UL,
		.ip = (unsigned long)ip, .cs = __USER_CS,
		.sp = (unsigned long)sp, .ss = __USER_DS,
		.flags = X86_EFLAGS_FIXED | X86_EFLAGS_IF,
	};
}

static noinline void do_initcalls(void)
{
	init_timers();
	sysrq_init();
	lamp_init();
}

static void run_init_process(const struct user_program *program,
			     struct pt_regs *regs)
{
	memcpy(current->comm, program->comm, strlen(program->comm));
	pr_info("Run %s as process %d\n", program->path, current->pid);
	start_thread(regs, program->start,
		     user_stack + USER_STACK_WORDS - 8);
}

static void kernel_init(struct pt_regs *regs)
{
	do_initcalls();
	run_init_process(init_program, regs);
}

static void __noreturn rest_init(void)
{
	switch_to(&user_task);
	ret_from_fork(kernel_init, task_pt_regs(&user_task));
}

static noinline void __noreturn start_kernel(const char *command_line)
{
	printk("%s", linux_banner);
	printk("Command line: %s\n", command_line);

	init_program = find_program(command_line);
	if (!init_program)
		panic("No program of that name. There are: sysrq null bug warn irq");
	rest_init();
}

/* @argv as the host passed it: the second word names the program. */
__visible void x86_64_start_kernel(int argc, char **argv)
{
	host_init();
	switch_to(&init_task);
	start_kernel(argc > 1 ? argv[1] : "");
}
