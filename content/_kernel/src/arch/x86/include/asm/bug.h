/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_BUG_H
#define _ASM_X86_BUG_H

#include <linux/types.h>

#define BUGFLAG_WARNING		(1 << 0)
#define BUGFLAG_NO_CUT_HERE	(1 << 3)

#define LEN_UD2			2

/* Where a trap stands and what it means; offsets count from the field itself. */
struct bug_entry {
	s32 bug_addr_disp;
	s32 file_disp;
	u16 line;
	u16 flags;
};

/*
 * An instruction that no CPU knows, and a note about it in the bug table. The
 * code pays two bytes; the words are looked up when the trap is taken.
 */
#define __BUG_FLAGS(bug_flags)						\
	asm volatile("1:	ud2\n"					\
		     "	.pushsection __bug_table, \"a\"\n"		\
		     "2:	.long 1b - 2b\n"			\
		     "3:	.long %c0 - 3b\n"			\
		     "	.word %c1, %c2\n"				\
		     "	.popsection"					\
		     : : "i"(__FILE__), "i"(__LINE__), "i"(bug_flags))

#endif
