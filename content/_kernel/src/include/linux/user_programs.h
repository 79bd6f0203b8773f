/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_USER_PROGRAMS_H
#define _LINUX_USER_PROGRAMS_H

#define USER_STACK_WORDS	1024

/* A program that the image carries for user space. */
struct user_program {
	const char *path;
	const char *comm;
	void (*start)(void);
};

/* Ends with an empty one. */
extern const struct user_program user_programs[];
extern unsigned long user_stack[USER_STACK_WORDS];

#endif
