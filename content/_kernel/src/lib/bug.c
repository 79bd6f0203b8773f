// SPDX-License-Identifier: MIT
/*
 * What a trap instruction means, from the table that BUG() and WARN() fill.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/printk.h>

extern const struct bug_entry __start___bug_table[], __stop___bug_table[];

static unsigned long bug_addr(const struct bug_entry *bug)
{
	return (unsigned long)&bug->bug_addr_disp + bug->bug_addr_disp;
}

static const char *bug_file(const struct bug_entry *bug)
{
	return (const char *)&bug->file_disp + bug->file_disp;
}

static const struct bug_entry *find_bug(unsigned long bugaddr)
{
	const struct bug_entry *bug;

	for (bug = __start___bug_table; bug < __stop___bug_table; bug++)
		if (bug_addr(bug) == bugaddr)
			return bug;
	return NULL;
}

/* Warnings are told in full; of a bug only the headline, death follows. */
enum bug_trap_type report_bug(unsigned long bugaddr, struct pt_regs *regs)
{
	const struct bug_entry *bug = find_bug(bugaddr);

	if (!bug)
		return BUG_TRAP_TYPE_NONE;

	if (!(bug->flags & BUGFLAG_NO_CUT_HERE))
		printk(CUT_HERE);

	if (bug->flags & BUGFLAG_WARNING) {
		__warn(bug_file(bug), bug->line, regs);
		return BUG_TRAP_TYPE_WARN;
	}

	printk("kernel BUG at %s:%u!\n", bug_file(bug), bug->line);
	return BUG_TRAP_TYPE_BUG;
}
