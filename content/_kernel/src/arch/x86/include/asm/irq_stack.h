/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_IRQ_STACK_H
#define _ASM_X86_IRQ_STACK_H

#include <asm/percpu.h>
#include <linux/interrupt.h>

/*
 * Answer a device on the interrupt stack. The word at its top remembers where
 * the interrupted stack is; a stack walk finds its way back there. Functions
 * called from here keep to the C convention, so what the compiler leaves in
 * registers over the three calls is in those that they preserve.
 */
#define call_on_irqstack(func, regs) do {				\
	unsigned long *tos = this_cpu()->hardirq_stack_ptr;		\
									\
	this_cpu()->hardirq_stack_inuse = 1;				\
	asm volatile("movq	%%rsp, (%[tos])\n"			\
		     "	movq	%[tos], %%rsp\n"			\
		     "	call	irq_enter_rcu\n"			\
		     "	movq	%[arg], %%rdi\n"			\
		     "	call	" #func "\n"				\
		     "	call	irq_exit_rcu\n"				\
		     "	popq	%%rsp\n"				\
		     : : [tos] "r"(tos), [arg] "r"(regs)		\
		     : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9",	\
		       "r10", "r11", "cc", "memory");			\
	this_cpu()->hardirq_stack_inuse = 0;				\
} while (0)

/* The body that follows runs on the interrupt stack. */
#define DEFINE_IDTENTRY_SYSVEC(func)					\
	__visible void __##func(struct pt_regs *regs);			\
	__visible void func(struct pt_regs *regs)			\
	{								\
		if (user_mode(regs) || this_cpu()->hardirq_stack_inuse) { \
			irq_enter_rcu();				\
			__##func(regs);					\
			irq_exit_rcu();					\
		} else {						\
			call_on_irqstack(__##func, regs);		\
		}							\
	}								\
	__visible void __##func(struct pt_regs *regs)

#endif
