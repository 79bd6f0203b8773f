/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef unsigned char		u8;
typedef unsigned short		u16;
typedef unsigned int		u32;
typedef unsigned long		u64;
typedef int			s32;
typedef long			ssize_t;
typedef long			loff_t;
typedef unsigned int		umode_t;
typedef struct { int counter; }	atomic_t;

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define PAGE_SIZE		4096UL

/* The object of which @ptr points to the member @member. */
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

/* The type of one member, for a local that holds a copy of it. */
#define typeof_member(type, member)	typeof(((type *)0)->member)

#endif
