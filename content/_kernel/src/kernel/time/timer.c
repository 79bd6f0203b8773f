// SPDX-License-Identifier: MIT
/*
 * Functions to be called later. There are few timers, so they are a list; and
 * there is no tick unless one of them waits for it.
 */
#include <asm/host.h>
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/timer.h>

static struct timer_list *timers;

unsigned long get_jiffies(void)
{
	return host_clock_ns() / (1000000000UL / HZ);
}

void timer_setup(struct timer_list *timer, void (*func)(struct timer_list *))
{
	timer->next = NULL;
	timer->expires = 0;
	timer->function = func;
}

static void detach_timer(struct timer_list *timer)
{
	struct timer_list **link;

	for (link = &timers; *link; link = &(*link)->next) {
		if (*link == timer) {
			*link = timer->next;
			return;
		}
	}
}

/* Call the timer's function in an interrupt, not before @expires. */
void mod_timer(struct timer_list *timer, unsigned long expires)
{
	unsigned long now = get_jiffies();

	detach_timer(timer);
	timer->expires = expires;
	timer->next = timers;
	timers = timer;
	host_timer_arm(expires > now ? expires - now : 1);
}

static noinline void call_timer_fn(struct timer_list *timer,
				   void (*fn)(struct timer_list *))
{
	unsigned int count = preempt_count();

	fn(timer);

	/* A lock that it took and kept, most likely. */
	if (count != preempt_count()) {
		WARN(1, "%pS changed the preempt count\n", (void *)fn);
		preempt_count() = count;
	}
}

static noinline void __run_timers(unsigned long now)
{
	struct timer_list *timer, *next;

	for (timer = timers; timer; timer = next) {
		next = timer->next;
		if (timer->expires > now)
			continue;
		detach_timer(timer);
		call_timer_fn(timer, timer->function);
	}
}

static void run_timer_softirq(struct softirq_action *h __maybe_unused)
{
	__run_timers(get_jiffies());

	/* Those that are left need another tick. */
	if (timers)
		host_timer_arm(1);
}

void init_timers(void)
{
	open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
}
