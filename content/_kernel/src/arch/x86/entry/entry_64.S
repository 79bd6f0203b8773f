/* SPDX-License-Identifier: MIT */
/*
 * The doors of the kernel: system calls, exceptions, interrupts.
 *
 * Each of them leaves a struct pt_regs on the kernel stack and calls C with its
 * address.
 */
#include <asm/percpu.h>
#include <asm/segment.h>
#include <linux/errno.h>
#include <linux/linkage.h>

#include "calling.h"

	.section .entry.text, "ax"

/*
 * System calls arrive here. The SYSCALL instruction has done very little:
 *
 *   rcx  where user space goes on
 *   r11  its flags
 *   rax  number of the call;  rdi, rsi, rdx: its arguments
 *
 * RSP is still that of user space, and interrupts are off.
 */
SYM_CODE_START(entry_SYSCALL_64)
	movq	%rsp, PER_CPU_VAR(sp2)
	movq	PER_CPU_VAR(top_of_stack), %rsp

SYM_INNER_LABEL(entry_SYSCALL_64_safe_stack, SYM_L_GLOBAL)
	/* What an exception would have pushed by itself. */
	pushq	$__USER_DS			/* ss */
	pushq	PER_CPU_VAR(sp2)		/* sp */
	pushq	%r11				/* flags */
	pushq	$__USER_CS			/* cs */
	pushq	%rcx				/* ip */
SYM_INNER_LABEL(entry_SYSCALL_64_after_hwframe, SYM_L_GLOBAL)
	pushq	%rax				/* orig_ax */
	PUSH_AND_CLEAR_REGS rax=$-ENOSYS

	movq	%rsp, %rdi			/* struct pt_regs *regs */
	movslq	%eax, %rsi			/* int nr */
	cld
	call	do_syscall_64

	/* Back the way of SYSRET: rcx and r11 are not those of before. */
	POP_REGS
	addq	$8, %rsp			/* orig_ax */
	popq	%rcx				/* ip */
	addq	$8, %rsp			/* cs */
	movq	(%rsp), %r11
	movb	$1, PER_CPU_VAR(interrupts_on)
	popfq
	popq	%rsp
	jmp	*%rcx
SYM_CODE_END(entry_SYSCALL_64)

/*
 * First steps of a new task: di is the function to run in the kernel, si the
 * place of its registers. When the function returns it has filled them in, and
 * the task goes on in user space.
 */
SYM_CODE_START(ret_from_fork)
	movq	%rsi, %rsp
	movq	%rdi, %rbx
	movq	%rsp, %rdi
	call	*%rbx
	jmp	restore_regs_and_iret
SYM_CODE_END(ret_from_fork)

/*
 * Exceptions and interrupts. The machine has pushed ss, sp, flags, cs and ip,
 * and for some of them an error code where orig_ax belongs.
 */
.macro idtentry asmsym cfunc has_error_code:req
SYM_CODE_START(\asmsym)
	.if \has_error_code == 0
	pushq	$-1				/* orig_ax: no system call */
	.endif
	PUSH_AND_CLEAR_REGS
	movq	%rsp, %rdi
	.if \has_error_code
	movq	ORIG_RAX(%rsp), %rsi
	movq	$-1, ORIG_RAX(%rsp)
	.endif
	cld
	call	\cfunc
	jmp	restore_regs_and_iret
SYM_CODE_END(\asmsym)
.endm

idtentry asm_exc_invalid_op		exc_invalid_op		has_error_code=0
idtentry asm_exc_page_fault		exc_page_fault		has_error_code=1
idtentry asm_sysvec_apic_timer_interrupt sysvec_apic_timer_interrupt has_error_code=0

/*
 * Out again. The saved selectors tell kernel from user; the CPU below us runs
 * both in its outer ring and wants to see those of that ring. The saved IF is
 * that of our machine, not of the CPU, and goes back to where we keep it.
 */
SYM_CODE_START(restore_regs_and_iret)
	POP_REGS
	addq	$8, %rsp			/* orig_ax */
	movq	$__USER_CS, 8(%rsp)
	movq	$__USER_DS, 32(%rsp)
	btl	$X86_EFLAGS_IF_BIT, 16(%rsp)
	setc	PER_CPU_VAR(interrupts_on)
	iretq
SYM_CODE_END(restore_regs_and_iret)

	.section .note.GNU-stack, "", @progbits
