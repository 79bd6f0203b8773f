// SPDX-License-Identifier: MIT
/*
 * Page faults. No memory of this machine is ever paged in, so in the kernel
 * each of them is the end.
 */
#include <asm/host.h>
#include <asm/stacktrace.h>
#include <linux/kernel.h>
#include <linux/printk.h>

/* What the CPU says about the access that failed. */
enum x86_pf_error_code {
	X86_PF_PROT	= 1 << 0,
	X86_PF_WRITE	= 1 << 1,
	X86_PF_USER	= 1 << 2,
	X86_PF_INSTR	= 1 << 4,
};

__visible void exc_page_fault(struct pt_regs *regs, unsigned long error_code);

static void dump_pagetable(unsigned long address)
{
	unsigned long entry = host_pgd[(address >> 39) & 511];

	printk("PGD %lx P4D %lx \n", entry, entry);
}

static void show_fault_oops(struct pt_regs *regs, unsigned long error_code,
			    unsigned long address)
{
	if (address < PAGE_SIZE && !user_mode(regs))
		pr_alert("BUG: kernel NULL pointer dereference, address: %016lx\n",
			 address);
	else
		pr_alert("BUG: unable to handle page fault for address: %016lx\n",
			 address);

	pr_alert("#PF: %s %s in %s mode\n",
		 (error_code & X86_PF_USER) ? "user" : "supervisor",
		 (error_code & X86_PF_INSTR) ? "instruction fetch" :
		 (error_code & X86_PF_WRITE) ? "write access" : "read access",
		 user_mode(regs) ? "user" : "kernel");
	pr_alert("#PF: error_code(0x%04lx) - %s\n", error_code,
		 (error_code & X86_PF_PROT) ? "permissions violation" :
					      "not-present page");
	dump_pagetable(address);
}

static noinline void page_fault_oops(struct pt_regs *regs,
				     unsigned long error_code,
				     unsigned long address)
{
	oops_begin();
	show_fault_oops(regs, error_code, address);
	__die("Oops", regs, error_code);
	printk("CR2: %016lx\n", address);
	oops_end(regs);
}

__visible void exc_page_fault(struct pt_regs *regs, unsigned long error_code)
{
	unsigned long address = host_cr2;

	if (user_mode(regs)) {
		pr_info("segfault at %lx ip %lx sp %lx error %lx\n",
			address, regs->ip, regs->sp, error_code);
		host_power_off(4);
	}
	page_fault_oops(regs, error_code, address);
}
