/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <asm/percpu.h>
#include <asm/ptrace.h>
#include <linux/types.h>

#define THREAD_SIZE	16384
#define NR_OPEN		16

struct file;

struct task_struct {
	int		pid;
	char		comm[16];
	unsigned long	*stack;		/* lowest word of the kernel stack */
	struct file	*files[NR_OPEN];
};

#define current		(this_cpu()->current_task)

static inline unsigned long *task_stack_end(const struct task_struct *task)
{
	return task->stack + THREAD_SIZE / sizeof(long);
}

/* What user space had in its registers lies at the very top of the stack. */
static inline struct pt_regs *task_pt_regs(const struct task_struct *task)
{
	return (struct pt_regs *)task_stack_end(task) - 1;
}

#endif
