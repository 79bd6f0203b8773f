// SPDX-License-Identifier: MIT
/*
 * read() and write(): from a number to a file, from a file to whoever made it.
 */
#include <asm/uaccess.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/syscalls.h>

/* Zero, if @file may do that with so many bytes at this place in memory. */
static int rw_verify(const struct file *file, unsigned int mode,
		     const void __user *buf, size_t count, loff_t pos)
{
	if (!(file->f_mode & mode))
		return -EBADF;
	if (pos < 0 || count > MAX_RW_COUNT)
		return -EINVAL;
	return access_ok(buf, count) ? 0 : -EFAULT;
}

ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	ssize_t ret = rw_verify(file, FMODE_READ, buf, count, *pos);

	if (ret)
		return ret;
	if (!file->f_op->read)
		return -EINVAL;

	ret = file->f_op->read(file, buf, count, pos);
	if (ret > 0)
		*pos += ret;
	return ret;
}

ssize_t vfs_write(struct file *file, const char __user *buf, size_t count,
		  loff_t *pos)
{
	ssize_t ret = rw_verify(file, FMODE_WRITE, buf, count, *pos);

	if (ret)
		return ret;
	if (!file->f_op->write)
		return -EINVAL;

	ret = file->f_op->write(file, buf, count, pos);
	if (ret > 0)
		*pos += ret;
	return ret;
}

noinline ssize_t ksys_read(unsigned int fd, char __user *buf, size_t count)
{
	struct file *file = fget(fd);
	ssize_t ret = -EBADF;

	if (file) {
		loff_t pos = file->f_pos;

		ret = vfs_read(file, buf, count, &pos);
		if (ret >= 0)
			file->f_pos = pos;
		fput(file);
	}
	return ret;
}

SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	return ksys_read(fd, buf, count);
}

noinline ssize_t ksys_write(unsigned int fd, const char __user *buf, size_t count)
{
	struct file *file = fget(fd);
	ssize_t ret = -EBADF;

	if (file) {
		loff_t pos = file->f_pos;

		ret = vfs_write(file, buf, count, &pos);
		if (ret >= 0)
			file->f_pos = pos;
		fput(file);
	}
	return ret;
}

SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf,
		size_t, count)
{
	return ksys_write(fd, buf, count);
}
