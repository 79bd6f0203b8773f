// SPDX-License-Identifier: MIT
/*
 * The machine. A signal from the host becomes what the CPU would have done: the
 * five words of an interrupt frame on the kernel stack, and a jump to the entry
 * in arch/x86/entry/entry_64.S. From there on the kernel is by itself.
 */
#include <asm/host.h>
#include <asm/ptrace.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/sched.h>

/* Numbers of the host's own interface. */
enum {
	HOST_write		= 1,
	HOST_rt_sigaction	= 13,
	HOST_setitimer		= 38,
	HOST_sigaltstack	= 131,
	HOST_arch_prctl		= 158,
	HOST_clock_gettime	= 228,
	HOST_exit_group		= 231,
};

enum { HOST_SIGILL = 4, HOST_SIGSEGV = 11, HOST_SIGALRM = 14 };

#define HOST_SA_FLAGS		0x0c000004	/* SIGINFO, RESTORER, ONSTACK */
#define HOST_ARCH_SET_GS	0x1001
#define HOST_CLOCK_MONOTONIC	1
#define TRAP_PAGE_FAULT		14
#define MAX_FAULTS		8

/* The registers as the host saves them for a signal handler. */
struct host_sigcontext {
	unsigned long r8, r9, r10, r11, r12, r13, r14, r15;
	unsigned long di, si, bp, bx, dx, ax, cx, sp, ip, flags;
	u16 cs, gs, fs, ss;
	unsigned long err, trapno, oldmask, cr2;
};

struct host_ucontext {
	unsigned long flags, link;
	unsigned long stack[3];
	struct host_sigcontext regs;
};

struct host_sigaction {
	void (*handler)(int, void *, struct host_ucontext *);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

long host_call(long nr, long a, long b, long c, long d);
void host_sigreturn(void);

extern char asm_exc_invalid_op[], asm_exc_page_fault[];
extern char asm_sysvec_apic_timer_interrupt[];
extern const char __entry_text_start[], __entry_text_end[];

static struct percpu_area boot_cpu_area;
static unsigned long irq_stack[THREAD_SIZE / sizeof(long)] __aligned(4096);
static unsigned long signal_stack[2048] __aligned(4096);
static u64 boot_ns;

unsigned long host_cr2;
unsigned long host_pgd[512] __aligned(4096);

void host_power_off(int status)
{
	for (;;)
		host_call(HOST_exit_group, status, 0, 0, 0);
}

void host_console_write(const char *text, size_t count)
{
	while (count) {
		long done = host_call(HOST_write, 1, (long)text, count, 0);

		if (done <= 0)
			host_power_off(2);
		text += done;
		count -= done;
	}
}

static u64 host_monotonic_ns(void)
{
	long time[2];

	host_call(HOST_clock_gettime, HOST_CLOCK_MONOTONIC, (long)time, 0, 0);
	return time[0] * 1000000000UL + time[1];
}

/* Since the machine was switched on. */
u64 host_clock_ns(void)
{
	return host_monotonic_ns() - boot_ns;
}

/* One tick, in so many milliseconds. */
void host_timer_arm(unsigned int ms)
{
	long timer[4] = { 0, 0, ms / 1000, (ms % 1000) * 1000 };

	if (!timer[2] && !timer[3])
		timer[3] = 1;
	host_call(HOST_setitimer, 0, (long)timer, 0, 0);
}

/* Where the CPU would put the frame: below the interrupted stack, or afresh. */
static unsigned long *exception_stack(const struct host_sigcontext *regs)
{
	if (is_kernel_text(regs->ip))
		return (unsigned long *)(regs->sp & ~15UL);
	return (unsigned long *)this_cpu()->top_of_stack;
}

static void host_signal(int signo, void *info __maybe_unused,
			struct host_ucontext *context)
{
	struct host_sigcontext *regs = &context->regs;
	bool kernel = is_kernel_text(regs->ip);
	unsigned long *sp = exception_stack(regs);
	unsigned long flags = regs->flags & ~X86_EFLAGS_IF;
	static int faults;
	char *entry;

	if (signo == HOST_SIGALRM) {
		/* Not now: the line stays raised and we come back. */
		if (!this_cpu()->interrupts_on ||
		    (regs->ip >= (unsigned long)__entry_text_start &&
		     regs->ip < (unsigned long)__entry_text_end)) {
			host_timer_arm(1);
			return;
		}
		entry = asm_sysvec_apic_timer_interrupt;
	} else {
		/* The kernel fails while it reports a failure. */
		if (++faults > MAX_FAULTS)
			host_power_off(3);
		entry = asm_exc_invalid_op;
	}

	if (this_cpu()->interrupts_on)
		flags |= X86_EFLAGS_IF;

	*--sp = kernel ? __KERNEL_DS : __USER_DS;
	*--sp = regs->sp;
	*--sp = flags;
	*--sp = kernel ? __KERNEL_CS : __USER_CS;
	*--sp = regs->ip;

	if (signo == HOST_SIGSEGV) {
		if (regs->trapno != TRAP_PAGE_FAULT)
			host_power_off(3);
		/*
		 * Bit 2 of the error code says "user": for the CPU all of us
		 * is user space. Seen from in here only user code is.
		 */
		*--sp = kernel ? regs->err & ~4UL : regs->err;
		host_cr2 = regs->cr2;
		entry = asm_exc_page_fault;
	}

	this_cpu()->interrupts_on = 0;
	regs->sp = (unsigned long)sp;
	regs->ip = (unsigned long)entry;
}

void host_init(void)
{
	struct host_sigaction action = {
		.handler	= host_signal,
		.flags		= HOST_SA_FLAGS,
		.restorer	= host_sigreturn,
		.mask		= ~0UL,
	};
	struct { void *sp; long flags; size_t size; } stack = {
		signal_stack, 0, sizeof(signal_stack)
	};

	boot_ns = host_monotonic_ns();

	boot_cpu_area.self = &boot_cpu_area;
	/* The last word is kept for the way back to the interrupted stack. */
	boot_cpu_area.hardirq_stack_ptr = irq_stack + ARRAY_SIZE(irq_stack) - 1;
	host_call(HOST_arch_prctl, HOST_ARCH_SET_GS, (long)&boot_cpu_area, 0, 0);

	host_call(HOST_sigaltstack, (long)&stack, 0, 0, 0);
	host_call(HOST_rt_sigaction, HOST_SIGILL, (long)&action, 0, 8);
	host_call(HOST_rt_sigaction, HOST_SIGSEGV, (long)&action, 0, 8);
	host_call(HOST_rt_sigaction, HOST_SIGALRM, (long)&action, 0, 8);
}
