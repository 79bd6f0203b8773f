/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <asm/percpu.h>

/* One word counts how deep this CPU is in handlers of each sort. */
#define SOFTIRQ_OFFSET		0x00000100
#define HARDIRQ_OFFSET		0x00010000
#define SOFTIRQ_MASK		0x0000ff00
#define HARDIRQ_MASK		0x000f0000

#define preempt_count()		(this_cpu()->preempt_count)
#define in_interrupt()		(preempt_count() & (SOFTIRQ_MASK | HARDIRQ_MASK))

#define preempt_count_add(n)	(this_cpu()->preempt_count += (n))
#define preempt_count_sub(n)	(this_cpu()->preempt_count -= (n))

#endif
