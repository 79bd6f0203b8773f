// SPDX-License-Identifier: MIT
/*
 * Stack walk by table.
 *
 * For every place in the code a table says how far above the stack pointer the
 * frame of the function ends; the word below that end is the return address. So
 * from one set of RIP, RSP and RBP follow those of the caller.
 *
 * Two things are in no table. The entry code keeps a struct pt_regs where its
 * frame would be. And the interrupt stack ends in a word that says where the
 * interrupted stack goes on.
 */
#include <asm/orc_types.h>
#include <asm/stacktrace.h>
#include <linux/kallsyms.h>

extern const struct orc_entry __start_orc_unwind[], __stop_orc_unwind[];
extern const char __entry_text_start[], __entry_text_end[];

/* The last entry that begins at or before @ip. */
static const struct orc_entry *orc_find(unsigned long ip)
{
	const struct orc_entry *low = __start_orc_unwind;
	const struct orc_entry *high = __stop_orc_unwind;
	u32 offset = ip - (unsigned long)_stext;

	if (!is_kernel_text(ip) || low == high || offset < low->ip)
		return NULL;
	while (high - low > 1) {
		const struct orc_entry *mid = low + (high - low) / 2;

		if (mid->ip <= offset)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static bool in_entry_text(unsigned long ip)
{
	return ip >= (unsigned long)__entry_text_start &&
	       ip < (unsigned long)__entry_text_end;
}

static bool readable(struct unwind_state *state, unsigned long addr, size_t len)
{
	struct stack_info info;

	return get_stack_info((void *)addr, state->task, &info) &&
	       on_stack(&info, (void *)addr, len);
}

/* Go on where the registers at @addr were taken. */
static bool unwind_to_regs(struct unwind_state *state, unsigned long addr)
{
	struct pt_regs *regs = (struct pt_regs *)addr;

	if (!readable(state, addr, sizeof(*regs)))
		return false;
	state->regs = regs;
	state->ret_addr_p = NULL;
	state->ip = regs->ip;
	state->sp = regs->sp;
	state->bp = regs->bp;
	return true;
}

static bool unwind_to_caller(struct unwind_state *state, unsigned long ip)
{
	const struct orc_entry *orc = orc_find(ip);
	unsigned long end;

	if (!orc || orc->base == ORC_UNDEFINED)
		return false;
	end = (orc->base == ORC_BP ? state->bp : state->sp) + orc->end;
	if (!readable(state, end - sizeof(long), sizeof(long)))
		return false;

	if (orc->bp) {
		if (!readable(state, end - orc->bp, sizeof(long)))
			return false;
		state->bp = *(unsigned long *)(end - orc->bp);
	}
	state->regs = NULL;
	state->ret_addr_p = (unsigned long *)end - 1;
	state->ip = *state->ret_addr_p;
	state->sp = end;

	/* Nothing left of the interrupt stack but the way back. */
	if (end == (unsigned long)this_cpu()->hardirq_stack_ptr)
		state->sp = *(unsigned long *)end;
	return true;
}

/* One frame outwards. False, for good, when there is none. */
bool unwind_next_frame(struct unwind_state *state)
{
	if (state->done)
		return false;

	if (state->regs && user_mode(state->regs))
		state->done = true;
	else if (!state->regs && in_entry_text(state->ip))
		state->done = !unwind_to_regs(state, state->sp);
	else
		/*
		 * A return address may be that of the next function; the call
		 * before it never is. Registers say where exactly they are.
		 */
		state->done = !unwind_to_caller(state, state->ip - !state->regs);
	return !state->done;
}

/* Where on the stack the return address into this frame stands. */
unsigned long *unwind_get_return_address_ptr(struct unwind_state *state)
{
	return state->done ? NULL : state->ret_addr_p;
}

/* The registers of this place, if it is one that was interrupted. */
struct pt_regs *unwind_get_entry_regs(struct unwind_state *state)
{
	return state->done ? NULL : state->regs;
}

/*
 * Begin with the caller of what @regs interrupted; or here, and then pass over
 * what lies below @first_frame, for that is only the report.
 */
noinline void unwind_start(struct unwind_state *state, struct task_struct *task,
			   struct pt_regs *regs, unsigned long *first_frame)
{
	*state = (struct unwind_state){ .task = task };

	if (regs) {
		state->regs = regs;
		state->ip = regs->ip;
		state->sp = regs->sp;
		state->bp = regs->bp;
		unwind_next_frame(state);
		return;
	}

	asm volatile("leaq 0f(%%rip), %0\n0:\n\tmovq %%rsp, %1\n\tmovq %%rbp, %2"
		     : "=&r"(state->ip), "=&r"(state->sp), "=&r"(state->bp));
	while (!state->done && state->ret_addr_p < first_frame)
		unwind_next_frame(state);
}
