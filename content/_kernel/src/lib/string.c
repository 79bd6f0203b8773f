// SPDX-License-Identifier: MIT
#include <linux/kernel.h>

void *memcpy(void *to, const void *from, size_t count)
{
	void *start = to;

	asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
	return start;
}

void *memset(void *where, int byte, size_t count)
{
	void *start = where;

	asm volatile("rep stosb" : "+D"(where), "+c"(count) : "a"(byte) : "memory");
	return start;
}

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return end - text;
}

int strncmp(const char *a, const char *b, size_t count)
{
	for (; count; a++, b++, count--)
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, -1UL);
}
