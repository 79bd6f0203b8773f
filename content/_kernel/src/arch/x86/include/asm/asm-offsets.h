/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_ASM_OFFSETS_H
#define _ASM_X86_ASM_OFFSETS_H

/*
 * Places that assembly needs to know. arch/x86/kernel/process_64.c checks each
 * of them against the structure it belongs to.
 */

/* struct pt_regs */
#define ORIG_RAX		120

/* struct percpu_area, at the base of GS */
#define PCPU_top_of_stack	16
#define PCPU_sp2		24
#define PCPU_interrupts_on	44

#endif
