/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>

/* lib/string.c */
void *memcpy(void *to, const void *from, size_t count);
void *memset(void *where, int byte, size_t count);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t count);

/* lib/vsprintf.c */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);
__printf(3, 4) int scnprintf(char *buf, size_t size, const char *fmt, ...);

/* kernel/panic.c: why the kernel is no longer to be trusted. */
enum {
	TAINT_PROPRIETARY_MODULE	= 0,
	TAINT_DIE			= 7,
	TAINT_WARN			= 9,
	TAINT_OOT_MODULE		= 12,
	TAINT_FLAGS_COUNT		= 19,
};

extern int oops_in_progress;
extern int panic_on_oops;

__printf(1, 2) void panic(const char *fmt, ...) __noreturn __cold;
void add_taint(unsigned int flag);
bool test_taint(unsigned int flag);
const char *print_tainted(void);
void oops_enter(void);
void oops_exit(void);

/* lib/dump_stack.c */
void dump_stack(void) __cold;
void dump_stack_print_info(void);

/* init/version.c */
extern const char linux_banner[];
extern const char init_uts_release[];
extern const char init_uts_version[];

#endif
