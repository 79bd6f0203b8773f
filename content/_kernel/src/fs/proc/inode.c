// SPDX-License-Identifier: MIT
/*
 * Files under /proc. The VFS sees one set of operations for all of them; each
 * passes the call on to the owner of the entry, unless it is being removed.
 */
#include <linux/kernel.h>

#include "internal.h"

/* A negative count: the owner is taking the entry away. */
static inline bool use_pde(struct proc_dir_entry *pde)
{
	if (pde->in_use < 0)
		return false;
	pde->in_use++;
	return true;
}

static inline void unuse_pde(struct proc_dir_entry *pde)
{
	pde->in_use--;
}

static ssize_t pde_read(struct proc_dir_entry *pde, struct file *file,
			char __user *buf, size_t count, loff_t *ppos)
{
	typeof_member(struct proc_ops, proc_read) read;

	read = pde->proc_ops->proc_read;
	if (read)
		return read(file, buf, count, ppos);
	return -EIO;
}

static ssize_t proc_reg_read(struct file *file, char __user *buf, size_t count,
			     loff_t *ppos)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));
	ssize_t rv;

	if (!use_pde(pde))
		return -EIO;
	rv = pde_read(pde, file, buf, count, ppos);
	unuse_pde(pde);
	return rv;
}

static ssize_t pde_write(struct proc_dir_entry *pde, struct file *file,
			 const char __user *buf, size_t count, loff_t *ppos)
{
	typeof_member(struct proc_ops, proc_write) write;

	write = pde->proc_ops->proc_write;
	if (write)
		return write(file, buf, count, ppos);
	return -EIO;
}

static ssize_t proc_reg_write(struct file *file, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));
	ssize_t rv;

	if (!use_pde(pde))
		return -EIO;
	rv = pde_write(pde, file, buf, count, ppos);
	unuse_pde(pde);
	return rv;
}

static int proc_reg_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *pde = PDE(inode);
	int rv = 0;

	if (!use_pde(pde))
		return -ENOENT;
	if (pde->proc_ops->proc_open)
		rv = pde->proc_ops->proc_open(inode, file);
	unuse_pde(pde);
	return rv;
}

static int proc_reg_release(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *pde = PDE(inode);

	if (pde->proc_ops->proc_release)
		return pde->proc_ops->proc_release(inode, file);
	return 0;
}

const struct file_operations proc_reg_file_ops = {
	.read		= proc_reg_read,
	.write		= proc_reg_write,
	.open		= proc_reg_open,
	.release	= proc_reg_release,
};
