/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_PERCPU_H
#define _ASM_X86_PERCPU_H

#include <asm/asm-offsets.h>

#ifdef __ASSEMBLER__

#define PER_CPU_VAR(member)	%gs:PCPU_##member

#else

#include <linux/compiler.h>
#include <linux/types.h>

struct task_struct;

/* What belongs to one CPU. There is one CPU, and GS points at its area. */
struct percpu_area {
	struct percpu_area	*self;
	struct task_struct	*current_task;
	unsigned long		top_of_stack;	/* of the current task */
	unsigned long		sp2;		/* user's RSP during entry */
	unsigned long		*hardirq_stack_ptr;
	unsigned int		preempt_count;
	u8			interrupts_on;	/* the IF flag of this machine */
	u8			hardirq_stack_inuse;
};

static __always_inline struct percpu_area *this_cpu(void)
{
	struct percpu_area *area;

	asm("movq %%gs:0, %0" : "=r"(area));
	return area;
}

#endif
#endif
