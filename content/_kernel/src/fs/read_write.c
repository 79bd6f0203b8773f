// SPDX-License-Identifier: MIT
/*
 * read() and write(): from a number to a file, from a file to whoever made it.
 */
#include <asm/uaccess.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/syscalls.h>

/* Is this a range of bytes that a file can have? */
static int rw_verify_area(const loff_t *ppos, size_t count)
{
	loff_t pos = ppos ? *ppos : 0;

	if ((ssize_t)count < 0)
		return -EINVAL;
	if (pos < 0 || (ssize_t)(pos + count) < 0)
		return -EINVAL;
	return 0;
}

ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	ssize_t ret;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (unlikely(!access_ok(buf, count)))
		return -EFAULT;

	ret = rw_verify_area(pos, count);
	if (ret)
		return ret;
	if (count > MAX_RW_COUNT)
		count = MAX_RW_COUNT;

	if (file->f_op->read)
		ret = file->f_op->read(file, buf, count, pos);
	else
		ret = -EINVAL;

	if (ret > 0)
		*pos += ret;
	return ret;
}

ssize_t vfs_write(struct file *file, const char __user *buf, size_t count,
		  loff_t *pos)
{
	ssize_t ret;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (unlikely(!access_ok(buf, count)))
		return -EFAULT;

	ret = rw_verify_area(pos, count);
	if (ret)
		return ret;
	if (count > MAX_RW_COUNT)
		count = MAX_RW_COUNT;

	if (file->f_op->write)
		ret = file->f_op->write(file, buf, count, pos);
	else
		ret = -EINVAL;

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
