// SPDX-License-Identifier: MIT
/*
 * Names for addresses. The tables are made from the linked image and come in
 * the order of addresses; a symbol reaches to the next one.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>

bool is_kernel_text(unsigned long addr)
{
	return addr >= (unsigned long)_stext && addr < (unsigned long)_etext;
}

/* The index of the symbol that covers @addr, the first of those that begin there. */
static u32 get_symbol_pos(unsigned long addr)
{
	u32 low = 0, high = kallsyms_num_syms;
	u32 offset = addr - (unsigned long)_stext;

	while (high - low > 1) {
		u32 mid = low + (high - low) / 2;

		if (kallsyms_offsets[mid] <= offset)
			low = mid;
		else
			high = mid;
	}
	while (low && kallsyms_offsets[low - 1] == kallsyms_offsets[low])
		low--;
	return low;
}

/* NULL for what is no text of the kernel. */
const char *kallsyms_lookup(unsigned long addr, unsigned long *size,
			    unsigned long *offset)
{
	u32 pos, next, start;

	if (!is_kernel_text(addr) || !kallsyms_num_syms)
		return NULL;

	pos = get_symbol_pos(addr);
	start = kallsyms_offsets[pos];
	for (next = pos; next < kallsyms_num_syms; next++)
		if (kallsyms_offsets[next] > start)
			break;

	*offset = addr - (unsigned long)_stext - start;
	*size = (next < kallsyms_num_syms ? kallsyms_offsets[next] :
		 (u32)(_etext - _stext)) - start;
	return kallsyms_strings + kallsyms_names[pos];
}

/*
 * Looked up a little before @addr, printed as if at it. A call may be the last
 * instruction of a function; its return address is then that of the next one.
 */
static int __sprint_symbol(char *buf, unsigned long addr, unsigned long before)
{
	unsigned long size, offset;
	const char *name = kallsyms_lookup(addr - before, &size, &offset);

	if (!name)
		return scnprintf(buf, KSYM_SYMBOL_LEN, "0x%lx", addr);
	return scnprintf(buf, KSYM_SYMBOL_LEN, "%s+0x%lx/0x%lx", name,
			 offset + before, size);
}

int sprint_symbol(char *buf, unsigned long addr)
{
	return __sprint_symbol(buf, addr, 0);
}

int sprint_backtrace(char *buf, unsigned long addr)
{
	return __sprint_symbol(buf, addr, 1);
}
