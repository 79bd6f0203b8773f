// SPDX-License-Identifier: MIT
/*
 * Exceptions that are not page faults.
 */
#include <asm/bug.h>
#include <asm/host.h>
#include <asm/stacktrace.h>
#include <linux/bug.h>
#include <linux/kallsyms.h>
#include <linux/printk.h>

__visible void exc_invalid_op(struct pt_regs *regs);

static bool is_valid_bugaddr(unsigned long addr)
{
	static const unsigned char ud2[LEN_UD2] = { 0x0f, 0x0b };

	return is_kernel_text(addr) &&
	       ((const unsigned char *)addr)[0] == ud2[0] &&
	       ((const unsigned char *)addr)[1] == ud2[1];
}

/* A warning: true, and the kernel goes on behind the trap. */
static bool handle_bug(struct pt_regs *regs)
{
	if (!is_valid_bugaddr(regs->ip))
		return false;
	if (report_bug(regs->ip, regs) != BUG_TRAP_TYPE_WARN)
		return false;
	regs->ip += LEN_UD2;
	return true;
}

__visible void exc_invalid_op(struct pt_regs *regs)
{
	if (user_mode(regs)) {
		pr_info("traps: invalid opcode in user space, ip %lx\n", regs->ip);
		host_power_off(4);
	}
	if (handle_bug(regs))
		return;
	die("invalid opcode", regs, 0);
}
