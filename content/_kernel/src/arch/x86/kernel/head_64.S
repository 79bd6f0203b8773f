/* SPDX-License-Identifier: MIT */
/*
 * The first instruction. The host has left the words of the command line on
 * the stack it gave us; ours is another one.
 */
#include <linux/linkage.h>

	.section .head.text, "ax"

SYM_CODE_START(startup_64)
	movl	(%rsp), %edi			/* how many words */
	leaq	8(%rsp), %rsi			/* the words */
	movq	$init_stack_end, %rsp
	xorl	%ebp, %ebp
	call	x86_64_start_kernel
	ud2
SYM_CODE_END(startup_64)

	.bss
	.balign 4096
	.globl init_stack
init_stack:
	.skip 16384
init_stack_end:

	.section .note.GNU-stack, "", @progbits
