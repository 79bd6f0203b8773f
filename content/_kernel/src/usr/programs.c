// SPDX-License-Identifier: MIT
/*
 * User space: one small program for each way to crash the kernel. Nothing of
 * the kernel can be called from here but its system calls.
 */
#include <asm/syscall.h>
#include <linux/fs.h>
#include <linux/lamp.h>
#include <linux/types.h>
#include <linux/user_programs.h>

long syscall3(long nr, long a, long b, long c);

unsigned long user_stack[USER_STACK_WORDS];
static char buffer[64];

static long open(const char *path, int flags)
{
	return syscall3(__NR_open, (long)path, flags, 0);
}

static void ioctl(int fd, unsigned int cmd, unsigned long arg)
{
	syscall3(__NR_ioctl, fd, cmd, arg);
}

static void exit(int code) __attribute__((__noreturn__));

static void exit(int code)
{
	for (;;)
		syscall3(__NR_exit, code, 0, 0);
}

/* $ echo c > /proc/sysrq-trigger */
static void sysrq(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY);

	syscall3(__NR_write, fd, (long)"c\n", 2);
	exit(0);
}

/* $ echo 1 > /dev/lamp; lampctl eject; cat /dev/lamp */
static void null(void)
{
	int fd = open("/dev/lamp", O_WRONLY);

	syscall3(__NR_write, fd, (long)"1", 1);
	ioctl(fd, LAMP_IOC_EJECT, 0);
	syscall3(__NR_close, fd, 0, 0);

	fd = open("/dev/lamp", O_RDONLY);
	syscall3(__NR_read, fd, (long)buffer, sizeof(buffer));
	exit(0);
}

/* Open the lamp for oneself, share it, close it. */
static void bug(void)
{
	int fd = open("/dev/lamp", O_RDWR | O_EXCL);

	ioctl(fd, LAMP_IOC_SHARE, 0);
	syscall3(__NR_close, fd, 0, 0);
	exit(0);
}

/* Detach from the lamp more often than one can have attached. */
static void warn(void)
{
	int fd = open("/dev/lamp", O_RDWR);

	ioctl(fd, LAMP_IOC_DETACH, 0);
	ioctl(fd, LAMP_IOC_DETACH, 0);
	ioctl(fd, LAMP_IOC_DETACH, 0);
	exit(0);
}

/* Let the lamp blink while nothing is in its socket. */
static void irq(void)
{
	int fd = open("/dev/lamp", O_RDWR);

	ioctl(fd, LAMP_IOC_EJECT, 0);
	ioctl(fd, LAMP_IOC_BLINK, 3);
	exit(0);
}

const struct user_program user_programs[] = {
	{ "/bin/sysrq",	"sh",		sysrq },
	{ "/bin/null",	"cat",		null },
	{ "/bin/bug",	"lampctl",	bug },
	{ "/bin/warn",	"lampctl",	warn },
	{ "/bin/irq",	"lampctl",	irq },
	{ },
};
