// SPDX-License-Identifier: MIT
/*
 * Open files, and the numbers that a task has for them.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#define NR_FILE		32

static struct file file_pool[NR_FILE];

/* A file that is not of anything yet, with one reference; NULL if none is left. */
struct file *alloc_empty_file(unsigned int flags)
{
	struct file *file;

	for (file = file_pool; file < file_pool + NR_FILE; file++) {
		if (file->f_count)
			continue;
		*file = (struct file){ .f_flags = flags, .f_count = 1 };
		file->f_mode = (flags & O_ACCMODE) == O_WRONLY ? FMODE_WRITE :
			       (flags & O_ACCMODE) == O_RDWR ?
			       FMODE_READ | FMODE_WRITE : FMODE_READ;
		return file;
	}
	return NULL;
}

/* Nobody has it open any more: tell its owner, give back the inode. */
static noinline void __fput(struct file *file)
{
	struct inode *inode = file_inode(file);

	if (!inode)
		return;
	if (file->f_op->release)
		file->f_op->release(inode, file);

	iput(inode);
	file->f_inode = NULL;
}

void fput(struct file *file)
{
	if (!--file->f_count)
		__fput(file);
}

/* The lowest free number. */
int fd_install(struct file *file)
{
	int fd;

	for (fd = 0; fd < NR_OPEN; fd++) {
		if (!current->files[fd]) {
			current->files[fd] = file;
			return fd;
		}
	}
	return -EMFILE;
}

/* The file behind a number, with a reference of its own. */
struct file *fget(unsigned int fd)
{
	struct file *file = fd < NR_OPEN ? current->files[fd] : NULL;

	if (file)
		file->f_count++;
	return file;
}

/* Take the file from its number. */
struct file *close_fd_get_file(unsigned int fd)
{
	struct file *file = fd < NR_OPEN ? current->files[fd] : NULL;

	if (file)
		current->files[fd] = NULL;
	return file;
}
