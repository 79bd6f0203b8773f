// SPDX-License-Identifier: MIT
/*
 * Numbers of system calls; those of x86-64, as far as we have them.
 */
#include <asm/syscall.h>
#include <linux/syscalls.h>

const sys_call_ptr_t sys_call_table[NR_syscalls] = {
	[0 ... NR_syscalls - 1]	= __x64_sys_ni_syscall,
	[__NR_read]		= __x64_sys_read,
	[__NR_write]		= __x64_sys_write,
	[__NR_open]		= __x64_sys_open,
	[__NR_close]		= __x64_sys_close,
	[__NR_ioctl]		= __x64_sys_ioctl,
	[__NR_exit]		= __x64_sys_exit,
};
