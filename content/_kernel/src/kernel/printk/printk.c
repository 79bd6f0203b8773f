// SPDX-License-Identifier: MIT
/*
 * The log. A line begins with the time, and may come in several pieces.
 */
#include <asm/host.h>
#include <linux/kernel.h>
#include <linux/printk.h>

#define LOG_LINE_MAX	1024

int console_loglevel = CONSOLE_LOGLEVEL_DEFAULT;

static bool line_is_open;

/* Strip the level from a message and return it. */
static char printk_parse_level(const char **text)
{
	char level = '4';

	if ((*text)[0] == KERN_SOH[0] && (*text)[1]) {
		level = (*text)[1];
		*text += 2;
	}
	return level;
}

static void print_time(void)
{
	unsigned long us = host_clock_ns() / 1000;
	char stamp[32];
	int count = scnprintf(stamp, sizeof(stamp), "[%5lu.%06lu] ",
			      us / 1000000, us % 1000000);

	host_console_write(stamp, count);
}

static int vprintk_emit(const char *fmt, va_list args)
{
	static char line[LOG_LINE_MAX];
	const char *text = line;
	char level;
	int count;

	vscnprintf(line, sizeof(line), fmt, args);
	level = printk_parse_level(&text);
	count = strlen(text);

	if (level != 'c' && level - '0' > console_loglevel)
		return 0;

	if (line_is_open && level != 'c') {
		host_console_write("\n", 1);
		line_is_open = false;
	}
	if (!line_is_open)
		print_time();

	host_console_write(text, count);
	line_is_open = !count || text[count - 1] != '\n';
	return count;
}

int vprintk(const char *fmt, va_list args)
{
	return vprintk_emit(fmt, args);
}

int _printk(const char *fmt, ...)
{
	va_list args;
	int count;

	va_start(args, fmt);
	count = vprintk(fmt, args);
	va_end(args);
	return count;
}
