/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_UACCESS_H
#define _ASM_X86_UACCESS_H

#include <linux/compiler.h>
#include <linux/kernel.h>

/* All memory of user space lies between these two. */
extern char __user_start[], __user_end[];

static inline bool access_ok(const void __user *addr, size_t size)
{
	unsigned long start = (unsigned long)addr;

	return start >= (unsigned long)__user_start &&
	       start <= (unsigned long)__user_end &&
	       size <= (unsigned long)__user_end - start;
}

/* Bytes that could not be copied: all of them, or none. */
static inline size_t copy_from_user(void *to, const void __user *from, size_t n)
{
	if (!access_ok(from, n))
		return n;
	memcpy(to, from, n);
	return 0;
}

static inline size_t copy_to_user(void __user *to, const void *from, size_t n)
{
	if (!access_ok(to, n))
		return n;
	memcpy(to, from, n);
	return 0;
}

#define get_user(x, ptr) \
	(copy_from_user(&(x), (ptr), sizeof(x)) ? -EFAULT : 0)

#endif
