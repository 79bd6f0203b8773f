/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_LAMP_H
#define _LINUX_LAMP_H

/* What user space may ask of /dev/lamp. */
#define LAMP_IOC_EJECT	0x4c01	/* unscrew the bulb */
#define LAMP_IOC_BLINK	0x4c02	/* blink so many times, return when done */
#define LAMP_IOC_SHARE	0x4c03	/* give up the exclusive use O_EXCL asked for */
#define LAMP_IOC_DETACH	0x4c04	/* drop the reference on the lamp */

void lamp_init(void);

#endif
