/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SYSCALLS_H
#define _LINUX_SYSCALLS_H

#include <asm/ptrace.h>
#include <linux/fs.h>

/*
 * SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf, size_t, count)
 *
 * begins a system call. It makes __x64_sys_write(), which takes the registers
 * user space came with and hands its arguments, in the types they were declared
 * with, to the body that follows.
 */
#define SYSCALL_DEFINE1(name, t1, a1)					\
	static inline long __do_sys_##name(t1 a1);			\
	long __x64_sys_##name(const struct pt_regs *regs)		\
	{								\
		return __do_sys_##name((t1)regs->di);			\
	}								\
	static inline long __do_sys_##name(t1 a1)

#define SYSCALL_DEFINE3(name, t1, a1, t2, a2, t3, a3)			\
	static inline long __do_sys_##name(t1 a1, t2 a2, t3 a3);	\
	long __x64_sys_##name(const struct pt_regs *regs)		\
	{								\
		return __do_sys_##name((t1)regs->di, (t2)regs->si,	\
				       (t3)regs->dx);			\
	}								\
	static inline long __do_sys_##name(t1 a1, t2 a2, t3 a3)

long __x64_sys_read(const struct pt_regs *regs);
long __x64_sys_write(const struct pt_regs *regs);
long __x64_sys_open(const struct pt_regs *regs);
long __x64_sys_close(const struct pt_regs *regs);
long __x64_sys_ioctl(const struct pt_regs *regs);
long __x64_sys_exit(const struct pt_regs *regs);
long __x64_sys_ni_syscall(const struct pt_regs *regs);

ssize_t ksys_read(unsigned int fd, char __user *buf, size_t count);
ssize_t ksys_write(unsigned int fd, const char __user *buf, size_t count);

#endif
