/* SPDX-License-Identifier: MIT */

/*
 * The part of struct pt_regs that software saves, from di downwards. Nothing
 * that user space left in a register is carried on into the kernel.
 */
.macro PUSH_AND_CLEAR_REGS rax=%rax
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	\rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	.irp reg, edx, ecx, r8d, r9d, r10d, r11d, ebx, ebp, r12d, r13d, r14d, r15d
	xorl	%\reg, %\reg
	.endr
.endm

/* The way back; leaves the stack pointer at orig_ax. */
.macro POP_REGS
	.irp reg, r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi
	popq	%\reg
	.endr
.endm
