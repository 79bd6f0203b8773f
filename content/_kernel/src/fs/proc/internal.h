/* SPDX-License-Identifier: MIT */
#ifndef _FS_PROC_INTERNAL_H
#define _FS_PROC_INTERNAL_H

#include <linux/proc_fs.h>

/* One name under /proc. */
struct proc_dir_entry {
	int			in_use;		/* calls that are under way */
	const struct proc_ops	*proc_ops;
	const char		*name;
	umode_t			mode;
};

static inline struct proc_dir_entry *PDE(const struct inode *inode)
{
	return inode->i_private;
}

extern const struct file_operations proc_reg_file_ops;

#endif
