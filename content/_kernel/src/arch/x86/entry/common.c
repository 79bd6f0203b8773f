// SPDX-License-Identifier: MIT
/*
 * System calls, from registers to functions.
 */
#include <asm/syscall.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/syscalls.h>

#define KSTACK_OFFSET_STEP	0x50
#define KSTACK_OFFSET_MASK	0x1ff

static __always_inline int syscall_enter_from_user_mode(struct pt_regs *regs, int nr)
{
	regs->orig_ax = nr;
	local_irq_enable();
	return nr;
}

static __always_inline void syscall_exit_to_user_mode(void)
{
	local_irq_disable();
}

/*
 * No two calls in a row find the stack at the same depth, so what one of them
 * leaves there is not where the next one could use it. As a side effect stack
 * walks come across what earlier calls have left.
 */
static __always_inline void add_kstack_offset(void)
{
	static unsigned int offset;
	char *gap = __builtin_alloca(offset);

	asm volatile("" : : "r"(gap) : "memory");
	offset = (offset + KSTACK_OFFSET_STEP) & KSTACK_OFFSET_MASK;
}

static __always_inline bool do_syscall_x64(struct pt_regs *regs, int nr)
{
	/* As unsigned, a negative number is one of the too large ones. */
	unsigned int unr = nr;

	if (likely(unr < NR_syscalls)) {
		regs->ax = sys_call_table[unr](regs);
		return true;
	}
	return false;
}

__visible void do_syscall_64(struct pt_regs *regs, int nr)
{
	add_kstack_offset();
	nr = syscall_enter_from_user_mode(regs, nr);

	if (!do_syscall_x64(regs, nr))
		regs->ax = __x64_sys_ni_syscall(regs);

	syscall_exit_to_user_mode();
}

long __x64_sys_ni_syscall(const struct pt_regs *regs __maybe_unused)
{
	return -ENOSYS;
}
