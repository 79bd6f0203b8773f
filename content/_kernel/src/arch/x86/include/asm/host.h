/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_HOST_H
#define _ASM_X86_HOST_H

#include <linux/compiler.h>
#include <linux/types.h>

/*
 * The machine this kernel runs on is a process of another system. What a
 * driver would ask of hardware is asked of that system here, and nowhere else.
 */
void host_init(void);
void host_console_write(const char *text, size_t count);
u64 host_clock_ns(void);
void host_timer_arm(unsigned int ms);
void host_power_off(int status) __noreturn;

/* Registers that only the machine has. */
extern unsigned long host_cr2;
extern unsigned long host_pgd[512];

#define HOST_CR0	0x80050033UL	/* PG AM WP NE ET MP PE */
#define HOST_CR4	0x000006f0UL	/* as a plain x86-64 CPU has it */

#endif
