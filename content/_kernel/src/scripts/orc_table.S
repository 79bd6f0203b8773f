/* SPDX-License-Identifier: MIT */
/*
 * The table behind arch/x86/kernel/unwind_orc.c, in the order of addresses. Its
 * rows are made from the linked image by scripts/orc.awk.
 */
	.macro orc pc, base, end, rbp
	.long	\pc - 0x1000000			/* _stext, see vmlinux.lds */
	.short	\end
	.byte	\base, \rbp
	.endm

	.section .orc_unwind, "a"
	.balign	8
	.globl	__start_orc_unwind, __stop_orc_unwind
__start_orc_unwind:
	.include "orc_rows.s"
__stop_orc_unwind:

	.section .note.GNU-stack, "", @progbits
