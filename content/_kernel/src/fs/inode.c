// SPDX-License-Identifier: MIT
/*
 * Inodes live as long as somebody holds them.
 */
#include <linux/bug.h>
#include <linux/fs.h>
#include <linux/kernel.h>

#define NR_INODE	32

static struct inode inode_pool[NR_INODE];

/* A fresh inode with one reference; NULL if all are taken. */
struct inode *new_inode(const struct file_operations *fops, void *private)
{
	struct inode *inode;

	for (inode = inode_pool; inode < inode_pool + NR_INODE; inode++) {
		if (inode->i_count || (inode->i_state & I_FREEING))
			continue;
		*inode = (struct inode){
			.i_count = 1, .i_fop = fops, .i_private = private,
		};
		return inode;
	}
	return NULL;
}

void ihold(struct inode *inode)
{
	inode->i_count++;
}

/* Take it apart. What is left may be used for another file. */
static void evict(struct inode *inode)
{
	inode->i_state |= I_FREEING;
	inode->i_private = NULL;
	inode->i_state = I_CLEAR;
}

/* Give back one reference; the last one takes the inode with it. */
void iput(struct inode *inode)
{
	if (!inode)
		return;
	/* A reference to what is gone: somebody gave back one too many. */
	BUG_ON(inode->i_state & I_CLEAR);

	if (!--inode->i_count)
		evict(inode);
}
