/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

/*
 * A path that reaches a __cold function is itself unlikely: the compiler moves
 * it out of the way, into a part of the function named "<function>.cold".
 */
#define __cold			__attribute__((__cold__))
#define __noreturn		__attribute__((__noreturn__))
#define __printf(fmt, args)	__attribute__((__format__(printf, fmt, args)))
#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __visible		__attribute__((__externally_visible__))
#define __maybe_unused		__attribute__((__unused__))
#define __aligned(bytes)	__attribute__((__aligned__(bytes)))

/* Marks a pointer that user space handed in: never follow it directly. */
#define __user

#define barrier()		asm volatile("" ::: "memory")
#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile typeof(x) *)&(x) = (value))

#endif
