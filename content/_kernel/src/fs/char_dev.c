// SPDX-License-Identifier: MIT
/*
 * Character devices by name.
 */
#include <linux/fs.h>
#include <linux/kernel.h>

#define CHRDEV_MAX	8

static struct char_device_struct {
	const char *name;
	const struct file_operations *fops;
} chrdevs[CHRDEV_MAX];

int register_chrdev(const char *name, const struct file_operations *fops)
{
	struct char_device_struct *cd;

	for (cd = chrdevs; cd < chrdevs + CHRDEV_MAX; cd++) {
		if (!cd->name) {
			cd->name = name;
			cd->fops = fops;
			return 0;
		}
	}
	return -ENFILE;
}

struct inode *chrdev_lookup(const char *name)
{
	struct char_device_struct *cd;

	for (cd = chrdevs; cd < chrdevs + CHRDEV_MAX && cd->name; cd++)
		if (!strcmp(cd->name, name))
			return new_inode(cd->fops, NULL);
	return NULL;
}
