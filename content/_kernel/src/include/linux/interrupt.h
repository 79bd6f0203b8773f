/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_INTERRUPT_H
#define _LINUX_INTERRUPT_H

#include <asm/percpu.h>
#include <linux/compiler.h>

/* Work put off until the interrupt itself has been answered. */
enum {
	TIMER_SOFTIRQ,
	NR_SOFTIRQS,
};

struct softirq_action {
	void (*action)(struct softirq_action *);
};

void open_softirq(int nr, void (*action)(struct softirq_action *));
void raise_softirq(unsigned int nr);
void irq_enter_rcu(void);
void irq_exit_rcu(void);

static __always_inline void local_irq_disable(void)
{
	WRITE_ONCE(this_cpu()->interrupts_on, 0);
	barrier();
}

static __always_inline void local_irq_enable(void)
{
	barrier();
	WRITE_ONCE(this_cpu()->interrupts_on, 1);
}

static __always_inline u8 local_irq_save(void)
{
	u8 flags = READ_ONCE(this_cpu()->interrupts_on);

	local_irq_disable();
	return flags;
}

static __always_inline void local_irq_restore(u8 flags)
{
	barrier();
	WRITE_ONCE(this_cpu()->interrupts_on, flags);
}

#endif
