#!/bin/bash
# Builds vmlinux from src/. The same compiler gives the same bytes, wherever the
# folder lies: ./build.sh [OUTPUT]  (default: vmlinux beside this script)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
output=$(realpath -m "${1:-$here/vmlinux}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

CC=${CC:-gcc}
LD=${LD:-ld}
NM=${NM:-nm}
READELF=${READELF:-readelf}
export LC_ALL=C
headers=$("$CC" -print-file-name=include)

cflags=(
	-std=gnu11 -O2 -g -gdwarf-5
	-Wall -Wextra -Werror -Wno-override-init -Wno-missing-field-initializers
	# Free of the host: no library, no position independence, no vector registers.
	-ffreestanding -nostdinc -isystem "$headers"
	-fno-pie -mcmodel=small -mno-red-zone -mgeneral-regs-only
	-mpreferred-stack-boundary=3
	-fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables
	# Stack walks know from a table where each frame is; none needs a pointer to it.
	-fomit-frame-pointer
	-fno-strict-aliasing -fno-common -fno-delete-null-pointer-checks
	-fno-tree-loop-distribute-patterns
	# Names of files as they are in the tree.
	"-ffile-prefix-map=$here/src=." "-ffile-prefix-map=$work=." "-ffile-prefix-map=$headers=gcc"
	-Iarch/x86/include -Iinclude
)
ldflags=(
	-m elf_x86_64 -static -nostdlib --build-id=sha1
	-z max-page-size=4096 -z noexecstack
	-T arch/x86/kernel/vmlinux.lds
)

cd "$here/src"

objects=()
while IFS= read -r source; do
	object=$work/${source%.*}.o
	mkdir -p "$(dirname "$object")"
	"$CC" "${cflags[@]}" -c "$source" -o "$object"
	objects+=("$object")
done < <(find arch drivers fs init kernel lib usr \( -name '*.c' -o -name '*.S' \) | sort)

# The image holds tables about itself: its symbols and its stack frames. One link
# without them tells where the text will be, the second puts them in; they lie
# behind all text and move none of it.
link() {
	"$CC" -c "$work/kallsyms.S" -o "$work/kallsyms.o"
	"$CC" -c scripts/orc_table.S -Wa,-I"$work" -o "$work/orc_table.o"
	"$LD" "${ldflags[@]}" "${objects[@]}" "$work/kallsyms.o" "$work/orc_table.o" -o "$work/$1"
	"$NM" -n "$work/$1" >"$work/$1.map"
	awk -f scripts/kallsyms.awk "$work/$1.map" >"$work/kallsyms.S"
	"$READELF" --debug-dump=frames-interp "$work/$1" | awk -f scripts/orc.awk | sort >"$work/orc_rows.s"
}
awk -f scripts/kallsyms.awk </dev/null >"$work/kallsyms.S"
: >"$work/orc_rows.s"
link first
sha256sum "$work/kallsyms.S" "$work/orc_rows.s" >"$work/tables"
link vmlinux
sha256sum --check --quiet "$work/tables"

install -m 755 "$work/vmlinux" "$output"
