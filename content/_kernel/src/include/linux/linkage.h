/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_LINKAGE_H
#define _LINUX_LINKAGE_H

#ifdef __ASSEMBLER__

#define SYM_L_GLOBAL(name)	.globl name
#define SYM_L_LOCAL(name)	/* stays in its file */

/* Code that keeps to no calling convention: entries and their like. */
#define SYM_CODE_START(name)	.globl name; .p2align 4, 0x90; name:
#define SYM_CODE_END(name)	.type name, @notype; .size name, . - name

/* Functions that C may call. */
#define SYM_FUNC_START(name)	.globl name; .p2align 4, 0x90; name:
#define SYM_FUNC_END(name)	.type name, @function; .size name, . - name

/* A name for a place in the middle of code; traces from there on show it. */
#define SYM_INNER_LABEL(name, linkage)	.type name, @notype; linkage(name); name:

#endif
#endif
