// SPDX-License-Identifier: MIT
/*
 * Registers, as they are printed.
 */
#include <asm/host.h>
#include <asm/stacktrace.h>
#include <linux/kernel.h>
#include <linux/printk.h>

#define CHECK_OFFSET(name, type, member) \
	_Static_assert(name == offsetof(type, member), #name " is another place")

CHECK_OFFSET(ORIG_RAX, struct pt_regs, orig_ax);
CHECK_OFFSET(PCPU_top_of_stack, struct percpu_area, top_of_stack);
CHECK_OFFSET(PCPU_sp2, struct percpu_area, sp2);
CHECK_OFFSET(PCPU_interrupts_on, struct percpu_area, interrupts_on);

static void show_iret_regs(struct pt_regs *regs)
{
	printk("RIP: %04x:%pS\n", (int)regs->cs, (void *)regs->ip);
	show_opcodes(regs);
	printk("RSP: %04x:%016lx EFLAGS: %08lx", (int)regs->ss, regs->sp,
	       regs->flags);
	if (regs->orig_ax != -1UL)
		pr_cont(" ORIG_RAX: %016lx\n", regs->orig_ax);
	else
		pr_cont("\n");
}

/* Those that a function call works with, or also those of the machine. */
void __show_regs(struct pt_regs *regs, enum show_regs_mode mode)
{
	show_iret_regs(regs);
	printk("RAX: %016lx RBX: %016lx RCX: %016lx\n", regs->ax, regs->bx, regs->cx);
	printk("RDX: %016lx RSI: %016lx RDI: %016lx\n", regs->dx, regs->si, regs->di);
	printk("RBP: %016lx R08: %016lx R09: %016lx\n", regs->bp, regs->r8, regs->r9);
	printk("R10: %016lx R11: %016lx R12: %016lx\n", regs->r10, regs->r11, regs->r12);
	printk("R13: %016lx R14: %016lx R15: %016lx\n", regs->r13, regs->r14, regs->r15);

	if (mode == SHOW_REGS_SHORT)
		return;

	printk("FS:  %016lx(%04x) GS:%016lx(%04x) knlGS:%016lx\n",
	       0UL, 0, (unsigned long)this_cpu(), 0, 0UL);
	printk("CS:  %04x DS: %04x ES: %04x CR0: %016lx\n",
	       (int)regs->cs, 0, 0, HOST_CR0);
	printk("CR2: %016lx CR3: %016lx CR4: %016lx\n",
	       host_cr2, (unsigned long)host_pgd, HOST_CR4);
}
