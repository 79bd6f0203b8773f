// SPDX-License-Identifier: MIT
/*
 * The end, and the warnings before it.
 */
#include <asm/host.h>
#include <asm/stacktrace.h>
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/printk.h>

#define PANIC_EXIT_STATUS	1

int oops_in_progress;
int panic_on_oops = 1;

static unsigned long tainted_mask;

/* One letter a flag, and what stands in its place when it is not set. */
static const char taint_flags[TAINT_FLAGS_COUNT][2] = {
	{ 'P', 'G' }, { 'F', ' ' }, { 'S', ' ' }, { 'R', ' ' }, { 'M', ' ' },
	{ 'B', ' ' }, { 'U', ' ' }, { 'D', ' ' }, { 'A', ' ' }, { 'W', ' ' },
	{ 'C', ' ' }, { 'I', ' ' }, { 'O', ' ' }, { 'E', ' ' }, { 'L', ' ' },
	{ 'K', ' ' }, { 'X', ' ' }, { 'T', ' ' }, { 'N', ' ' },
};

void add_taint(unsigned int flag)
{
	tainted_mask |= 1UL << flag;
}

bool test_taint(unsigned int flag)
{
	return tainted_mask & (1UL << flag);
}

const char *print_tainted(void)
{
	static char buf[sizeof("Tainted: ") + TAINT_FLAGS_COUNT];
	int flag, at;

	if (!tainted_mask)
		return "Not tainted";

	at = scnprintf(buf, sizeof(buf), "Tainted: ");
	for (flag = 0; flag < TAINT_FLAGS_COUNT; flag++)
		buf[at++] = taint_flags[flag][!test_taint(flag)];
	buf[at] = '\0';
	return buf;
}

/* A report begins: nothing may be held back any more. */
void oops_enter(void)
{
	console_loglevel = CONSOLE_LOGLEVEL_DEFAULT;
}

static void print_oops_end_marker(void)
{
	pr_warn("---[ end trace %016lx ]---\n", 0UL);
}

void oops_exit(void)
{
	print_oops_end_marker();
}

/* This image runs where it was linked. */
static void dump_kernel_offset(void)
{
	pr_emerg("Kernel Offset: disabled\n");
}

/*
 * Stop everything. Does not return, so neither do its callers: behind the call
 * there may be no code of theirs.
 */
void panic(const char *fmt, ...)
{
	static char buf[1024];
	va_list args;
	int len;

	local_irq_disable();
	console_loglevel = CONSOLE_LOGLEVEL_DEFAULT;

	va_start(args, fmt);
	len = vscnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	if (len && buf[len - 1] == '\n')
		buf[len - 1] = '\0';

	pr_emerg("Kernel panic - not syncing: %s\n", buf);

	/* Who died has shown its stack already. */
	if (!test_taint(TAINT_DIE) && oops_in_progress <= 1)
		dump_stack();

	dump_kernel_offset();
	pr_emerg("---[ end Kernel panic - not syncing: %s ]---\n", buf);
	host_power_off(PANIC_EXIT_STATUS);
}

void __warn(const char *file, int line, struct pt_regs *regs)
{
	oops_enter();
	pr_warn("WARNING: CPU: %d PID: %d at %s:%d %pS\n", 0, current->pid,
		file, line, (void *)regs->ip);
	printk("Modules linked in:\n");
	show_regs(regs);
	oops_exit();
	add_taint(TAINT_WARN);
}

void __warn_printk(const char *fmt, ...)
{
	va_list args;

	pr_warn(CUT_HERE);
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}
