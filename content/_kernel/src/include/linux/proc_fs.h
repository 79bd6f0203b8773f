/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PROC_FS_H
#define _LINUX_PROC_FS_H

#include <linux/fs.h>

/* What the owner of a file under /proc provides; any slot may be empty. */
struct proc_ops {
	unsigned int proc_flags;
	int (*proc_open)(struct inode *, struct file *);
	ssize_t (*proc_read)(struct file *, char __user *, size_t, loff_t *);
	ssize_t (*proc_write)(struct file *, const char __user *, size_t, loff_t *);
	int (*proc_release)(struct inode *, struct file *);
};

struct proc_dir_entry *proc_create(const char *name, umode_t mode,
				   const struct proc_ops *proc_ops);
struct inode *proc_lookup(const char *name);

#endif
