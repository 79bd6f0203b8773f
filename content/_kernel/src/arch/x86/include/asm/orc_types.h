/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_ORC_TYPES_H
#define _ASM_X86_ORC_TYPES_H

#include <linux/types.h>

enum orc_base {
	ORC_UNDEFINED	= 0,
	ORC_SP		= 1,
	ORC_BP		= 2,
};

/* Made by scripts/orc.awk; holds from @ip on, to the next entry. */
struct orc_entry {
	u32	ip;		/* from _stext */
	u16	end;		/* of the frame, from the base register */
	u8	base;		/* enum orc_base */
	u8	bp;		/* where RBP is saved, down from the end; 0: is not */
};

#endif
