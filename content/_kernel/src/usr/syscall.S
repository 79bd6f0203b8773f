/* SPDX-License-Identifier: MIT */
/*
 * How programs call the kernel: long syscall3(nr, a, b, c).
 *
 * The SYSCALL instruction of this CPU belongs to the system that runs us. So
 * its work is done by hand: the way back goes to rcx, the flags to r11,
 * interrupts go off, and RSP stays as it is.
 */
#include <asm/percpu.h>
#include <linux/linkage.h>

	.text

SYM_FUNC_START(syscall3)
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	pushfq
	popq	%r11
	leaq	1f(%rip), %rcx
	movb	$0, PER_CPU_VAR(interrupts_on)
	jmp	entry_SYSCALL_64
1:	cmpq	$-4095, %rax
	jae	2f
	ret
2:	movq	$-1, %rax			/* errors are all one to us */
	ret
SYM_FUNC_END(syscall3)

	.section .note.GNU-stack, "", @progbits
