// SPDX-License-Identifier: MIT
/*
 * Everything that is neither read nor write.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/syscalls.h>

static long vfs_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	if (!filp->f_op->unlocked_ioctl)
		return -ENOTTY;
	return filp->f_op->unlocked_ioctl(filp, cmd, arg);
}

SYSCALL_DEFINE3(ioctl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct file *filp = fget(fd);
	long error;

	if (!filp)
		return -EBADF;

	error = vfs_ioctl(filp, cmd, arg);
	fput(filp);
	return error;
}
