// SPDX-License-Identifier: MIT
/*
 * The second half of interrupts.
 */
#include <linux/interrupt.h>
#include <linux/preempt.h>
#include <linux/types.h>

static struct softirq_action softirq_vec[NR_SOFTIRQS];
static unsigned int softirq_pending;

void open_softirq(int nr, void (*action)(struct softirq_action *))
{
	softirq_vec[nr].action = action;
}

void raise_softirq(unsigned int nr)
{
	softirq_pending |= 1U << nr;
}

static noinline void __do_softirq(void)
{
	struct softirq_action *h = softirq_vec;
	unsigned int pending = softirq_pending;

	preempt_count_add(SOFTIRQ_OFFSET);
	softirq_pending = 0;

	for (; pending; pending >>= 1, h++)
		if (pending & 1)
			h->action(h);

	preempt_count_sub(SOFTIRQ_OFFSET);
}

static noinline void __irq_exit_rcu(void)
{
	preempt_count_sub(HARDIRQ_OFFSET);
	/* What runs now may ask for more. */
	while (!in_interrupt() && softirq_pending)
		__do_softirq();
}

__visible void irq_enter_rcu(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
}

__visible void irq_exit_rcu(void)
{
	__irq_exit_rcu();
}
