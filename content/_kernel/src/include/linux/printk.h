/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PRINTK_H
#define _LINUX_PRINTK_H

#include <linux/compiler.h>
#include <linux/types.h>

/* A message may begin with this byte and its level. */
#define KERN_SOH	"\001"
#define KERN_EMERG	KERN_SOH "0"
#define KERN_ALERT	KERN_SOH "1"
#define KERN_WARNING	KERN_SOH "4"
#define KERN_INFO	KERN_SOH "6"
#define KERN_DEBUG	KERN_SOH "7"
#define KERN_DEFAULT	""
#define KERN_CONT	KERN_SOH "c"

#define CONSOLE_LOGLEVEL_DEFAULT	7

extern int console_loglevel;

/* Cold: who prints is off the fast path, and its caller with it. */
__printf(1, 2) int _printk(const char *fmt, ...) __cold;
int vprintk(const char *fmt, va_list args);

#ifndef pr_fmt
#define pr_fmt(fmt)	fmt
#endif

#define printk(fmt, ...)	_printk(fmt, ##__VA_ARGS__)
#define pr_emerg(fmt, ...)	_printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)	_printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	_printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	_printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...)	_printk(KERN_CONT fmt, ##__VA_ARGS__)

#endif
