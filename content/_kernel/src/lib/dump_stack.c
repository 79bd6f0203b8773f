// SPDX-License-Identifier: MIT
/*
 * "How did I get here", for everybody.
 */
#include <asm/stacktrace.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/printk.h>

#define BUILD_ID_SIZE	20

/* The note that the linker puts into the image: three lengths, a name, the ID. */
struct build_id_note {
	u32 name_size, desc_size, type;
	char name[4];
	u8 build_id[BUILD_ID_SIZE];
};

extern const struct build_id_note __start_notes[];

/* The lines above every trace: who was running, on what. */
void dump_stack_print_info(void)
{
	printk("CPU: %d PID: %d Comm: %s %s %s %s %*phN\n",
	       0, current->pid, current->comm, print_tainted(),
	       init_uts_release, init_uts_version,
	       BUILD_ID_SIZE, __start_notes->build_id);
	printk("Hardware name: Example Hosted Machine, BIOS 1.0 01/01/2023\n");
}

void dump_stack_lvl(void);

/* In one piece: no interrupt prints between the lines. */
noinline void dump_stack_lvl(void)
{
	u8 flags = local_irq_save();

	dump_stack_print_info();
	show_stack(current, NULL);
	local_irq_restore(flags);
}

void dump_stack(void)
{
	dump_stack_lvl();
}
