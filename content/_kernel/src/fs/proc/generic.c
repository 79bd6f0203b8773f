// SPDX-License-Identifier: MIT
/*
 * The names under /proc.
 */
#include <linux/kernel.h>

#include "internal.h"

#define PROC_MAX	8

static struct proc_dir_entry proc_root[PROC_MAX];

struct proc_dir_entry *proc_create(const char *name, umode_t mode,
				   const struct proc_ops *proc_ops)
{
	struct proc_dir_entry *pde;

	for (pde = proc_root; pde < proc_root + PROC_MAX; pde++) {
		if (!pde->name) {
			pde->name = name;
			pde->mode = mode;
			pde->proc_ops = proc_ops;
			return pde;
		}
	}
	return NULL;
}

struct inode *proc_lookup(const char *name)
{
	struct proc_dir_entry *pde;

	for (pde = proc_root; pde < proc_root + PROC_MAX && pde->name; pde++)
		if (!strcmp(pde->name, name))
			return new_inode(&proc_reg_file_ops, pde);
	return NULL;
}
