// SPDX-License-Identifier: MIT
/*
 * Magic keys: orders to the kernel itself, also when nothing else works.
 */
#define pr_fmt(fmt) "sysrq: " fmt

#include <asm/stacktrace.h>
#include <asm/uaccess.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/sysrq.h>

/* What keys may do; the file under /proc may do everything. */
static int sysrq_enabled = SYSRQ_ENABLE_LOG;

static bool sysrq_on_mask(int mask)
{
	return sysrq_enabled & mask;
}

static void sysrq_handle_loglevel(int key)
{
	console_loglevel = key - '0';
	pr_info("log level is %d now\n", console_loglevel);
}

static const struct sysrq_key_op sysrq_loglevel_op = {
	.handler	= sysrq_handle_loglevel,
	.help_msg	= "loglevel(0-9)",
	.action_msg	= "Change the log level",
	.enable_mask	= SYSRQ_ENABLE_LOG,
};

static void sysrq_handle_crash(int key __maybe_unused)
{
	/* Who crashes holds nothing. */
	rcu_read_unlock();
	panic("sysrq triggered crash\n");
}

static const struct sysrq_key_op sysrq_crash_op = {
	.handler	= sysrq_handle_crash,
	.help_msg	= "crash(c)",
	.action_msg	= "Trigger a crash",
	.enable_mask	= SYSRQ_ENABLE_DUMP,
};

static void sysrq_handle_show_regs(int key __maybe_unused)
{
	show_regs(task_pt_regs(current));
}

static const struct sysrq_key_op sysrq_showregs_op = {
	.handler	= sysrq_handle_show_regs,
	.help_msg	= "show-registers(p)",
	.action_msg	= "Show user registers",
	.enable_mask	= SYSRQ_ENABLE_DUMP,
};

/* Digits first, then letters. */
static const struct sysrq_key_op *const sysrq_key_table[36] = {
	[0 ... 9]	     = &sysrq_loglevel_op,
	[10 + 'c' - 'a'] = &sysrq_crash_op,
	[10 + 'p' - 'a'] = &sysrq_showregs_op,
};

static int sysrq_key_table_key2index(int key)
{
	if (key >= '0' && key <= '9')
		return key - '0';
	if (key >= 'a' && key <= 'z')
		return key - 'a' + 10;
	return -1;
}

static const struct sysrq_key_op *__sysrq_get_key_op(int key)
{
	int i = sysrq_key_table_key2index(key);

	return i >= 0 ? sysrq_key_table[i] : NULL;
}

/* One word a key; the digits share theirs. */
static void sysrq_show_help(void)
{
	const struct sysrq_key_op *shown = NULL;
	size_t i;

	pr_info("keys: ");
	for (i = 0; i < ARRAY_SIZE(sysrq_key_table); i++) {
		if (!sysrq_key_table[i] || sysrq_key_table[i] == shown)
			continue;
		shown = sysrq_key_table[i];
		pr_cont("%s ", shown->help_msg);
	}
	pr_cont("\n");
}

/*
 * Do what @key stands for. The mask is for those at the keyboard; root asks
 * through the file and is not checked.
 */
void __handle_sysrq(int key, bool check_mask)
{
	const struct sysrq_key_op *op_p = __sysrq_get_key_op(key);
	int orig_log_level = console_loglevel;

	/* Whatever else the console shows, it shows the answer. */
	rcu_read_lock();
	console_loglevel = CONSOLE_LOGLEVEL_DEFAULT;

	if (!op_p) {
		sysrq_show_help();
		console_loglevel = orig_log_level;
	} else if (check_mask && !sysrq_on_mask(op_p->enable_mask)) {
		pr_info("key not enabled\n");
		console_loglevel = orig_log_level;
	} else {
		pr_info("%s\n", op_p->action_msg);
		console_loglevel = orig_log_level;
		op_p->handler(key);
	}
	rcu_read_unlock();
}

void handle_sysrq(int key)
{
	if (sysrq_enabled)
		__handle_sysrq(key, true);
}

/* Writing a letter to /proc/sysrq-trigger is like pressing the key. */
static ssize_t write_sysrq_trigger(struct file *file __maybe_unused,
				   const char __user *buf, size_t count,
				   loff_t *ppos __maybe_unused)
{
	if (count) {
		char c;

		if (get_user(c, buf))
			return -EFAULT;
		__handle_sysrq(c, false);
	}
	return count;
}

static const struct proc_ops sysrq_trigger_proc_ops = {
	.proc_write	= write_sysrq_trigger,
};

void sysrq_init(void)
{
	if (!proc_create("sysrq-trigger", 0200, &sysrq_trigger_proc_ops))
		pr_warn("no entry under /proc\n");
}
