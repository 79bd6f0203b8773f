/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

#include <linux/types.h>

#define HZ	1000

struct timer_list {
	struct timer_list	*next;
	unsigned long		expires;	/* in jiffies */
	void			(*function)(struct timer_list *);
};

/* The structure around a timer, for its callback. */
#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*(var)), timer_fieldname)

unsigned long get_jiffies(void);
void timer_setup(struct timer_list *timer, void (*func)(struct timer_list *));
void mod_timer(struct timer_list *timer, unsigned long expires);
void init_timers(void);

#endif
