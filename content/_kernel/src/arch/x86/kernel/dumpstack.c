// SPDX-License-Identifier: MIT
/*
 * Call traces and what is said around them when the kernel dies.
 */
#include <asm/stacktrace.h>
#include <asm/uaccess.h>
#include <linux/interrupt.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/printk.h>

#define OPCODE_BUFSIZE	64
#define OPCODE_PROLOGUE	42

static int die_counter;
static struct pt_regs exec_summary_regs;

bool on_stack(const struct stack_info *info, const void *addr, size_t len)
{
	const char *begin = (const char *)info->begin;
	const char *end = (const char *)info->end;

	return (const char *)addr >= begin && (const char *)addr + len <= end;
}

static bool in_task_stack(const void *where, struct task_struct *task,
			  struct stack_info *info)
{
	info->type = STACK_TYPE_TASK;
	info->begin = task->stack;
	info->end = task_stack_end(task);
	info->next_sp = NULL;
	return on_stack(info, where, sizeof(long));
}

static bool in_irq_stack(const void *where, struct stack_info *info)
{
	unsigned long *tos = this_cpu()->hardirq_stack_ptr;

	info->type = STACK_TYPE_IRQ;
	info->begin = tos + 1 - THREAD_SIZE / sizeof(long);
	info->end = tos + 1;
	info->next_sp = this_cpu()->hardirq_stack_inuse ?
			(unsigned long *)*tos : NULL;
	return on_stack(info, where, sizeof(long));
}

/* The stack that holds @where. */
bool get_stack_info(const void *where, struct task_struct *task,
		    struct stack_info *info)
{
	return in_task_stack(where, task, info) || in_irq_stack(where, info);
}

static const char *stack_type_name(enum stack_type type)
{
	return type == STACK_TYPE_IRQ ? "IRQ" : "TASK";
}

static void printk_stack_address(unsigned long address, bool reliable)
{
	printk(" %s%pB\n", reliable ? "" : "? ", (void *)address);
}

static void show_regs_if_on_stack(const struct stack_info *info,
				  struct pt_regs *regs)
{
	if (on_stack(info, regs, sizeof(*regs)))
		__show_regs(regs, SHOW_REGS_SHORT);
}

/*
 * Print what was called, innermost first.
 *
 * Two walks at once. One looks at every word of the stack and finds all that
 * could be a return address; the other follows the frames and knows which of
 * them are. A word that only the first has found may be left from a call that
 * is long over: it is printed with a question mark.
 */
void show_trace_log_lvl(struct task_struct *task, struct pt_regs *regs,
			unsigned long *stack)
{
	struct unwind_state state;
	struct stack_info info;

	printk("Call Trace:\n");

	unwind_start(&state, task, regs, stack);
	if (!stack)
		stack = (unsigned long *)regs->sp;
	regs = unwind_get_entry_regs(&state);

	for (; stack; stack = info.next_sp) {
		if (!get_stack_info(stack, task, &info))
			break;

		printk(" <%s>\n", stack_type_name(info.type));

		if (regs)
			show_regs_if_on_stack(&info, regs);

		for (; stack < info.end; stack++) {
			bool reliable;

			if (!is_kernel_text(*stack))
				continue;
			/* Has just been shown, in the line "RIP:". */
			if (regs && stack == &regs->ip)
				continue;

			reliable = stack == unwind_get_return_address_ptr(&state);
			printk_stack_address(*stack, reliable);
			if (!reliable)
				continue;

			unwind_next_frame(&state);
			regs = unwind_get_entry_regs(&state);
			if (regs) {
				show_regs_if_on_stack(&info, regs);
				/* Whoever was interrupted has frames, too. */
				if (!user_mode(regs))
					unwind_next_frame(&state);
			}
		}
		printk(" </%s>\n", stack_type_name(info.type));
	}
}

/* The stack of @task from @sp on; of the caller when that is NULL. */
void show_stack(struct task_struct *task, unsigned long *sp)
{
	/* What lies below is only this report. */
	if (!sp)
		sp = __builtin_frame_address(0);
	show_trace_log_lvl(task, NULL, sp);
}

/* The bytes around the instruction, its first one in angle brackets. */
void show_opcodes(struct pt_regs *regs)
{
	extern const char __user_text_start[], __user_text_end[];
	const unsigned char *code = (void *)(regs->ip - OPCODE_PROLOGUE);
	const void *low = user_mode(regs) ? __user_text_start : _stext;
	const void *high = user_mode(regs) ? __user_text_end : _etext;
	char line[3 * OPCODE_BUFSIZE + 3];
	int i, at = 0;

	if ((void *)code < low || (void *)(code + OPCODE_BUFSIZE) > high) {
		printk("Code: Unable to access opcode bytes at 0x%lx.\n",
		       (unsigned long)code);
		return;
	}
	for (i = 0; i < OPCODE_BUFSIZE; i++)
		at += scnprintf(line + at, sizeof(line) - at,
				i == OPCODE_PROLOGUE ? " <%02x>" : " %02x",
				code[i]);
	printk("Code:%s\n", line);
}

void show_regs(struct pt_regs *regs)
{
	dump_stack_print_info();
	__show_regs(regs, SHOW_REGS_ALL);
	if (!user_mode(regs))
		show_trace_log_lvl(current, regs, NULL);
}

void oops_begin(void)
{
	oops_enter();
	local_irq_disable();
	oops_in_progress++;
}

/* The death certificate. */
void __die(const char *str, struct pt_regs *regs, long err)
{
	/* The first one is what the summary at the end repeats. */
	if (++die_counter == 1)
		exec_summary_regs = *regs;

	printk("%s: %04lx [#%d]\n", str, (unsigned long)err & 0xffff, die_counter);
	show_regs(regs);
	printk("Modules linked in:\n");
}

void oops_end(struct pt_regs *regs __maybe_unused)
{
	add_taint(TAINT_DIE);
	oops_exit();

	/* Long traces scroll: say once more where it was. */
	__show_regs(&exec_summary_regs, SHOW_REGS_ALL);

	if (in_interrupt())
		panic("Fatal exception in interrupt");
	if (panic_on_oops)
		panic("Fatal exception");
}

void die(const char *str, struct pt_regs *regs, long err)
{
	oops_begin();
	__die(str, regs, err);
	oops_end(regs);
}
