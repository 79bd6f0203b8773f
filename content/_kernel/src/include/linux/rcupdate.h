/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/compiler.h>
#include <linux/preempt.h>

/* What is read in between stays what it is: with one CPU, do not switch tasks. */
static __always_inline void rcu_read_lock(void)
{
	preempt_count_add(1);
	barrier();
}

static __always_inline void rcu_read_unlock(void)
{
	barrier();
	preempt_count_sub(1);
}

#endif
