// SPDX-License-Identifier: MIT
/*
 * Formatted text, as much of it as the kernel's own messages use:
 *
 *   %c %s %.*s %%    characters and text
 *   %d %u %lu %x %lx numbers, with a width and leading zeros
 *   %pS              an address as symbol+0xoffset/0xsize
 *   %pB              the same for a return address
 *   %*phN            bytes, two digits each
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>

/* Where the text goes; what does not fit is dropped. */
struct sink {
	char *at, *end;
};

static void put(struct sink *out, char c)
{
	if (out->at < out->end)
		*out->at++ = c;
}

static void put_text(struct sink *out, const char *text, size_t limit)
{
	while (limit-- && *text)
		put(out, *text++);
}

static void put_number(struct sink *out, unsigned long value, unsigned int base,
		       int width, char fill)
{
	char digits[24];
	int count = 0;

	do {
		digits[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);

	for (; width > count; width--)
		put(out, fill);
	while (count)
		put(out, digits[--count]);
}

static void put_bytes(struct sink *out, const u8 *bytes, int count)
{
	for (; count > 0; count--)
		put_number(out, *bytes++, 16, 2, '0');
}

/* The letters after %p say what the pointer stands for. */
static const char *put_pointer(struct sink *out, const char *fmt,
			       const void *pointer, int width)
{
	char symbol[KSYM_SYMBOL_LEN];

	switch (*fmt) {
	case 'S':
		sprint_symbol(symbol, (unsigned long)pointer);
		break;
	case 'B':
		sprint_backtrace(symbol, (unsigned long)pointer);
		break;
	case 'h':
		put_bytes(out, pointer, width);
		return fmt + 2;
	default:
		put_number(out, (unsigned long)pointer, 16, 16, '0');
		return fmt;
	}
	put_text(out, symbol, sizeof(symbol));
	return fmt + 1;
}

/* The number of characters written, without the zero that ends them. */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct sink out = { buf, buf + size - 1 };

	for (; *fmt; fmt++) {
		int width = 0, precision = -1;
		bool is_long = false;
		char fill = ' ';
		long number;

		if (*fmt != '%') {
			put(&out, *fmt);
			continue;
		}
		fmt++;
		if (*fmt == '0')
			fill = *fmt++;
		if (*fmt == '*') {
			width = va_arg(args, int);
			fmt++;
		}
		while (*fmt >= '0' && *fmt <= '9')
			width = width * 10 + *fmt++ - '0';
		if (fmt[0] == '.' && fmt[1] == '*') {
			precision = va_arg(args, int);
			fmt += 2;
		}
		if (*fmt == 'l') {
			is_long = true;
			fmt++;
		}

		switch (*fmt) {
		case 'c':
			put(&out, va_arg(args, int));
			break;
		case 's':
			put_text(&out, va_arg(args, const char *), precision);
			break;
		case 'd':
			number = is_long ? va_arg(args, long) : va_arg(args, int);
			if (number < 0)
				put(&out, '-');
			put_number(&out, number < 0 ? -number : number, 10, width, fill);
			break;
		case 'u':
		case 'x':
			put_number(&out, is_long ? va_arg(args, unsigned long) :
						   va_arg(args, unsigned int),
				   *fmt == 'x' ? 16 : 10, width, fill);
			break;
		case 'p':
			fmt = put_pointer(&out, fmt + 1, va_arg(args, void *), width) - 1;
			break;
		default:
			put(&out, *fmt);
		}
	}
	*out.at = '\0';
	return out.at - buf;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int count;

	va_start(args, fmt);
	count = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return count;
}
