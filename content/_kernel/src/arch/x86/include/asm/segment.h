/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_SEGMENT_H
#define _ASM_X86_SEGMENT_H

/* The two lowest bits of a code selector are the ring it runs in. */
#define __KERNEL_CS	0x10
#define __KERNEL_DS	0x18
#define __USER_DS	0x2b
#define __USER_CS	0x33

/* RFLAGS */
#define X86_EFLAGS_FIXED	0x0002
#define X86_EFLAGS_IF		0x0200
#define X86_EFLAGS_IF_BIT	9

#endif
