/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_SYSCALL_H
#define _ASM_X86_SYSCALL_H

#include <asm/ptrace.h>

#define __NR_read	0
#define __NR_write	1
#define __NR_open	2
#define __NR_close	3
#define __NR_ioctl	16
#define __NR_exit	60
#define NR_syscalls	64

typedef long (*sys_call_ptr_t)(const struct pt_regs *);

extern const sys_call_ptr_t sys_call_table[NR_syscalls];

void do_syscall_64(struct pt_regs *regs, int nr);

#endif
