/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <asm/bug.h>
#include <asm/ptrace.h>
#include <linux/compiler.h>

enum bug_trap_type {
	BUG_TRAP_TYPE_NONE,
	BUG_TRAP_TYPE_WARN,
	BUG_TRAP_TYPE_BUG,
};

enum bug_trap_type report_bug(unsigned long bugaddr, struct pt_regs *regs);
void __warn(const char *file, int line, struct pt_regs *regs);
__printf(1, 2) void __warn_printk(const char *fmt, ...);

#define CUT_HERE	"------------[ cut here ]------------\n"

#define BUG() do {							\
	__BUG_FLAGS(0);							\
	__builtin_unreachable();					\
} while (0)

#define BUG_ON(condition) do {						\
	if (unlikely(condition))					\
		BUG();							\
} while (0)

#define WARN_ON(condition) ({						\
	bool __warned = !!(condition);					\
	if (unlikely(__warned))						\
		__BUG_FLAGS(BUGFLAG_WARNING);				\
	unlikely(__warned);						\
})

/* A warning with a message: the message opens the report, the trap ends it. */
#define WARN(condition, fmt, ...) ({					\
	bool __warned = !!(condition);					\
	if (unlikely(__warned)) {					\
		__warn_printk(fmt, ##__VA_ARGS__);			\
		__BUG_FLAGS(BUGFLAG_WARNING | BUGFLAG_NO_CUT_HERE);	\
	}								\
	unlikely(__warned);						\
})

#define WARN_ONCE(condition, fmt, ...) ({				\
	static bool __already;						\
	bool __fire = !!(condition);					\
	if (unlikely(__fire && !__already)) {				\
		__already = true;					\
		WARN(1, fmt, ##__VA_ARGS__);				\
	}								\
	unlikely(__fire);						\
})

#endif
