/* SPDX-License-Identifier: MIT */
#ifndef _FS_PROC_INTERNAL_H
#define _FS_PROC_INTERNAL_H

#include <linux/proc_fs.h>

/* One name under /proc. Entries that are always there need no counting. */
struct proc_dir_entry {
	int			in_use;		/* calls that are under way */
	const struct proc_ops	*proc_ops;
	const char		*name;
	umode_t			mode;
	u8			flags;
};

#define PROC_ENTRY_PERMANENT	(1 << 0)

static inline bool pde_is_permanent(const struct proc_dir_entry *pde)
{
	return pde->flags & PROC_ENTRY_PERMANENT;
}

static inline struct proc_dir_entry *PDE(const struct inode *inode)
{
	return inode->i_private;
}

extern const struct file_operations proc_reg_file_ops;

#endif
