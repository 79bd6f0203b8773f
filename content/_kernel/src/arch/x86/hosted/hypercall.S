/* SPDX-License-Identifier: MIT */
/*
 * Ways out of our machine, into the system that runs it.
 */
#include <linux/linkage.h>

	.text

/* long host_call(long nr, long a, long b, long c, long d) */
SYM_FUNC_START(host_call)
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	movq	%r8, %r10
	syscall
	ret
SYM_FUNC_END(host_call)

/* Where the host returns to after it has told us of a signal. */
SYM_CODE_START(host_sigreturn)
	movl	$15, %eax			/* rt_sigreturn */
	syscall
SYM_CODE_END(host_sigreturn)

	.section .note.GNU-stack, "", @progbits
