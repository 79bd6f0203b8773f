/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_STACKTRACE_H
#define _ASM_X86_STACKTRACE_H

#include <linux/sched.h>

enum stack_type {
	STACK_TYPE_UNKNOWN,
	STACK_TYPE_TASK,
	STACK_TYPE_IRQ,
};

struct stack_info {
	enum stack_type	type;
	unsigned long	*begin, *end;	/* end is the first word beyond */
	unsigned long	*next_sp;	/* where the stack below goes on */
};

/* A walk over the frames of a task, from the innermost one outwards. */
struct unwind_state {
	struct task_struct	*task;
	unsigned long		ip, sp, bp;
	unsigned long		*ret_addr_p;	/* where ip was read, or NULL */
	struct pt_regs		*regs;		/* or: these hold it */
	bool			done;
};

/* arch/x86/kernel/unwind_orc.c */
void unwind_start(struct unwind_state *state, struct task_struct *task,
		  struct pt_regs *regs, unsigned long *first_frame);
bool unwind_next_frame(struct unwind_state *state);
unsigned long *unwind_get_return_address_ptr(struct unwind_state *state);
struct pt_regs *unwind_get_entry_regs(struct unwind_state *state);

/* arch/x86/kernel/dumpstack.c */
bool get_stack_info(const void *where, struct task_struct *task,
		    struct stack_info *info);
bool on_stack(const struct stack_info *info, const void *addr, size_t len);
void show_stack(struct task_struct *task, unsigned long *sp);
void show_regs(struct pt_regs *regs);
void show_trace_log_lvl(struct task_struct *task, struct pt_regs *regs,
			unsigned long *stack);
void show_opcodes(struct pt_regs *regs);
void oops_begin(void);
void oops_end(struct pt_regs *regs);
void __die(const char *str, struct pt_regs *regs, long err);
void die(const char *str, struct pt_regs *regs, long err);

/* arch/x86/kernel/process_64.c */
enum show_regs_mode { SHOW_REGS_SHORT, SHOW_REGS_ALL };

void __show_regs(struct pt_regs *regs, enum show_regs_mode mode);

#endif
