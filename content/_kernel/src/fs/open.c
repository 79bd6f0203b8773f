// SPDX-License-Identifier: MIT
/*
 * open() and close(). There are two folders, /dev and /proc.
 */
#include <asm/uaccess.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/proc_fs.h>
#include <linux/syscalls.h>

#define NAME_MAX	64

static struct inode *path_lookup(const char *name)
{
	if (!strncmp(name, "/dev/", 5))
		return chrdev_lookup(name + 5);
	if (!strncmp(name, "/proc/", 6))
		return proc_lookup(name + 6);
	return NULL;
}

static int do_dentry_open(struct file *file, struct inode *inode)
{
	int error = 0;

	file->f_inode = inode;
	file->f_op = inode->i_fop;
	if (file->f_op->open)
		error = file->f_op->open(inode, file);
	return error;
}

/* The open file, or NULL. */
struct file *do_filp_open(const char *name, unsigned int flags)
{
	struct inode *inode = path_lookup(name);
	struct file *file;

	if (!inode)
		return NULL;

	file = alloc_empty_file(flags);
	if (!file) {
		iput(inode);
		return NULL;
	}
	if (do_dentry_open(file, inode)) {
		file->f_inode = NULL;
		iput(inode);
		fput(file);
		return NULL;
	}
	return file;
}

/* Names come from user space, byte by byte up to the zero. */
static int getname(char *name, const char __user *filename)
{
	int i;

	for (i = 0; i < NAME_MAX; i++) {
		if (get_user(name[i], filename + i))
			return -EFAULT;
		if (!name[i])
			return 0;
	}
	return -EINVAL;
}

static noinline long do_sys_openat2(const char __user *filename, unsigned int flags)
{
	char name[NAME_MAX];
	struct file *file;
	int error = getname(name, filename);

	if (error)
		return error;

	file = do_filp_open(name, flags);
	if (!file)
		return -ENOENT;
	return fd_install(file);
}

SYSCALL_DEFINE3(open, const char __user *, filename, int, flags, umode_t, mode)
{
	(void)mode;
	return do_sys_openat2(filename, flags);
}

int filp_close(struct file *file)
{
	if (!file->f_count)
		return -EBADF;
	fput(file);
	return 0;
}

SYSCALL_DEFINE1(close, unsigned int, fd)
{
	struct file *file = close_fd_get_file(fd);

	if (!file)
		return -EBADF;
	return filp_close(file);
}
