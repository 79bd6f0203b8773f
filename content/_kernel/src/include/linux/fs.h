/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/compiler.h>
#include <linux/types.h>

#define O_ACCMODE	00000003
#define O_RDONLY	00000000
#define O_WRONLY	00000001
#define O_RDWR		00000002
#define O_EXCL		00000200

#define FMODE_READ	0x1
#define FMODE_WRITE	0x2

/* inode->i_state */
#define I_FREEING	0x20
#define I_CLEAR		0x40	/* gone: nobody may hold it any more */

#define MAX_RW_COUNT	0x7ffff000UL

struct file;
struct inode;

struct file_operations {
	loff_t (*llseek)(struct file *, loff_t, int);
	ssize_t (*read)(struct file *, char __user *, size_t, loff_t *);
	ssize_t (*write)(struct file *, const char __user *, size_t, loff_t *);
	long (*unlocked_ioctl)(struct file *, unsigned int, unsigned long);
	int (*open)(struct inode *, struct file *);
	int (*release)(struct inode *, struct file *);
};

struct inode {
	umode_t				i_mode;
	unsigned int			i_state;
	int				i_count;
	const struct file_operations	*i_fop;
	void				*i_private;
};

struct file {
	const struct file_operations	*f_op;
	struct inode			*f_inode;
	unsigned int			f_flags;
	unsigned int			f_mode;
	int				f_count;
	loff_t				f_pos;
	void				*private_data;
};

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

/* fs/inode.c */
struct inode *new_inode(const struct file_operations *fops, void *private);
void ihold(struct inode *inode);
void iput(struct inode *inode);

/* fs/file_table.c */
struct file *alloc_empty_file(unsigned int flags);
void fput(struct file *file);
int fd_install(struct file *file);
struct file *fget(unsigned int fd);
struct file *close_fd_get_file(unsigned int fd);

/* fs/open.c */
int filp_close(struct file *file);
struct file *do_filp_open(const char *name, unsigned int flags);

/* fs/read_write.c */
ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos);
ssize_t vfs_write(struct file *file, const char __user *buf, size_t count,
		  loff_t *pos);

/* fs/char_dev.c */
int register_chrdev(const char *name, const struct file_operations *fops);
struct inode *chrdev_lookup(const char *name);

#endif
