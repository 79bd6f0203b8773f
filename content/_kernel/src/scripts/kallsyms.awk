# SPDX-License-Identifier: MIT
#
# nm -n vmlinux | awk -f kallsyms.awk > kallsyms.S
#
# Makes the tables of include/linux/kallsyms.h: every symbol of the kernel's
# text in the order of addresses. Of several at one address those that the linker
# script made come last, for the first is what a trace shows. Without input the
# tables are empty, which is what the first link needs.

function linker_made(name) {
	return name ~ /^(_text|_stext|_etext|__entry_text_start|__entry_text_end)$/
}

BEGIN { n = count = at = 0 }

# Addresses have sixteen digits each, so they compare as text does. They must be
# text: 1001e00 as a number is 1001.
$2 ~ /^[tT]$/ {
	address[n] = $1 ""
	name[n++] = $3
	if ($3 == "_stext")
		first = $1 ""
	if ($3 == "_etext")
		last = $1 ""
}

function emit(wanted, from, to,    i) {
	for (i = from; i < to; i++) {
		if (linker_made(name[i]) != wanted)
			continue
		if (address[i] < first || address[i] > last)
			continue
		offsets = offsets "\t.long 0x" address[i] " - 0x" first "\n"
		names = names "\t.long " at "\n"
		strings = strings "\t.asciz \"" name[i] "\"\n"
		at += length(name[i]) + 1
		count++
	}
}

END {
	for (i = 0; i < n; i = j) {
		for (j = i; j < n && address[j] == address[i]; j++)
			;
		emit(0, i, j)
		emit(1, i, j)
	}
	printf "\t.section .kallsyms, \"a\"\n\t.balign 8\n"
	printf "\t.globl kallsyms_num_syms, kallsyms_offsets\n"
	printf "\t.globl kallsyms_names, kallsyms_strings\n"
	printf "kallsyms_num_syms:\n\t.long %d\n", count
	printf "kallsyms_offsets:\n%s", offsets
	printf "kallsyms_names:\n%s", names
	printf "kallsyms_strings:\n%s", strings
	printf "\t.section .note.GNU-stack, \"\", @progbits\n"
}
