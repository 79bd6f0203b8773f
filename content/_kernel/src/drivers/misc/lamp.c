// SPDX-License-Identifier: MIT
/*
 * /dev/lamp, a desk lamp on a wire.
 *
 * The driver is an example of what goes wrong in drivers. It forgets that a
 * bulb can be unscrewed (in desk_lamp_status() and in lamp_blink_fn()), gives
 * an inode back twice (LAMP_IOC_SHARE and lamp_release()), and lets anybody
 * drop a reference that it needs itself (LAMP_IOC_DETACH).
 */
#define pr_fmt(fmt) "lamp: " fmt

#include <asm/uaccess.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/lamp.h>
#include <linux/printk.h>
#include <linux/refcount.h>
#include <linux/timer.h>

#define BLINK_JIFFIES	5

/* What is screwed into the lamp, as it says of itself. */
struct lamp_bulb {
	char		maker[24];
	unsigned long	hours;		/* it has burnt so far */
	unsigned int	lumens;
	bool		lit;
	unsigned int	watts;
};

struct lamp;

/* Lamps differ in how they are asked. */
struct lamp_ops {
	int (*set)(struct lamp *lamp, bool lit);
	int (*status)(struct lamp *lamp, char *buf, size_t size);
};

struct lamp {
	const struct lamp_ops	*ops;
	struct lamp_bulb	*bulb;		/* NULL: the socket is empty */
	refcount_t		users;
	struct timer_list	blink;
	unsigned int		blinks_left;
};

static struct lamp_bulb stock_bulb = {
	.maker = "Example Filaments", .hours = 1200, .lumens = 400, .watts = 40,
};

static noinline int desk_lamp_set(struct lamp *lamp, bool lit)
{
	if (!lamp->bulb)
		return -ENODEV;
	lamp->bulb->lit = lit;
	return 0;
}

static int desk_lamp_status(struct lamp *lamp, char *buf, size_t size)
{
	return scnprintf(buf, size, "%u W\n", lamp->bulb->watts);
}

static const struct lamp_ops desk_lamp_ops = {
	.set	= desk_lamp_set,
	.status	= desk_lamp_status,
};

static struct lamp desk_lamp = { .ops = &desk_lamp_ops, .bulb = &stock_bulb };

/* Runs in the interrupt of the timer: on, off, on, ... */
static void lamp_blink_fn(struct timer_list *timer)
{
	struct lamp *lamp = from_timer(lamp, timer, blink);
	struct lamp_bulb *bulb = lamp->bulb;

	bulb->lit = !bulb->lit;
	if (--lamp->blinks_left)
		mod_timer(timer, get_jiffies() + BLINK_JIFFIES);
}

/*
 * There is nothing to sleep on, so wait as hardware waits. Comes with interrupts
 * off, so that no blink falls between starting the timer and waiting for it.
 */
static noinline void lamp_wait_blinks(struct lamp *lamp)
{
	local_irq_enable();
	while (READ_ONCE(lamp->blinks_left))
		asm volatile("pause");
}

static long lamp_blink(struct lamp *lamp, unsigned long times)
{
	if (!times)
		return -EINVAL;

	local_irq_disable();
	lamp->blinks_left = times;
	timer_setup(&lamp->blink, lamp_blink_fn);
	mod_timer(&lamp->blink, get_jiffies() + BLINK_JIFFIES);
	lamp_wait_blinks(lamp);
	return times;
}

static noinline void lamp_put(struct lamp *lamp)
{
	if (refcount_dec_and_test(&lamp->users))
		pr_info("nobody uses the lamp, switched off\n");
}

static ssize_t lamp_read(struct file *file, char __user *buf, size_t count,
			 loff_t *ppos)
{
	struct lamp *lamp = file->private_data;
	char text[64];
	int len;

	if (*ppos)
		return 0;
	len = lamp->ops->status(lamp, text, sizeof(text));
	if (len < 0)
		return len;
	if (count > (size_t)len)
		count = len;
	return copy_to_user(buf, text, count) ? -EFAULT : (ssize_t)count;
}

static ssize_t lamp_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *ppos __maybe_unused)
{
	struct lamp *lamp = file->private_data;
	char c;
	int error;

	if (!count)
		return 0;
	if (get_user(c, buf))
		return -EFAULT;
	error = lamp->ops->set(lamp, c == '1');
	return error ? error : (ssize_t)count;
}

static long lamp_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct lamp *lamp = file->private_data;

	switch (cmd) {
	case LAMP_IOC_EJECT:
		lamp->bulb = NULL;
		return 0;
	case LAMP_IOC_BLINK:
		return lamp_blink(lamp, arg);
	case LAMP_IOC_SHARE:
		if (!(file->f_flags & O_EXCL))
			return -EINVAL;
		/* Others may open it now; O_EXCL stays in the flags. */
		iput(file_inode(file));
		return 0;
	case LAMP_IOC_DETACH:
		lamp_put(lamp);
		return 0;
	default:
		return -ENOTTY;
	}
}

/* Exclusive use holds the inode a second time, until release. */
static int lamp_open(struct inode *inode, struct file *file)
{
	file->private_data = &desk_lamp;
	refcount_inc(&desk_lamp.users);
	if (file->f_flags & O_EXCL)
		ihold(inode);
	return 0;
}

static int lamp_release(struct inode *inode, struct file *file)
{
	if (file->f_flags & O_EXCL)
		iput(inode);
	lamp_put(file->private_data);
	return 0;
}

static const struct file_operations lamp_fops = {
	.read		= lamp_read,
	.write		= lamp_write,
	.unlocked_ioctl	= lamp_ioctl,
	.open		= lamp_open,
	.release	= lamp_release,
};

void lamp_init(void)
{
	refcount_set(&desk_lamp.users, 1);
	if (register_chrdev("lamp", &lamp_fops))
		pr_warn("no room for a device\n");
	else
		pr_info("%u W bulb by %s\n", stock_bulb.watts, stock_bulb.maker);
}
