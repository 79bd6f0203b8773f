/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SYSRQ_H
#define _LINUX_SYSRQ_H

#include <linux/types.h>

/* Which kinds of keys an administrator has allowed. */
#define SYSRQ_ENABLE_LOG	0x0002
#define SYSRQ_ENABLE_DUMP	0x0008

/* One key: what it does, how the help line names it. */
struct sysrq_key_op {
	void (*const handler)(int key);
	const char *const help_msg;
	const char *const action_msg;
	const int enable_mask;
};

void handle_sysrq(int key);
void __handle_sysrq(int key, bool check_mask);
void sysrq_init(void);

#endif
