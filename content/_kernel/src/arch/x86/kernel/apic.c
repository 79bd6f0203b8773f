// SPDX-License-Identifier: MIT
/*
 * The timer of this CPU.
 */
#include <asm/irq_stack.h>
#include <asm/ptrace.h>
#include <linux/interrupt.h>

static unsigned long irq_count;

static void local_apic_timer_interrupt(void)
{
	irq_count++;
	raise_softirq(TIMER_SOFTIRQ);
}

DEFINE_IDTENTRY_SYSVEC(sysvec_apic_timer_interrupt)
{
	/* Whom it interrupted does not matter to a timer. */
	(void)regs;
	local_apic_timer_interrupt();
}
