#!/bin/bash
# Runs vmlinux once for each kind of crash and keeps what it prints, as it prints
# it: ./capture.sh [VMLINUX [FOLDER]]  (default: vmlinux and logs/ beside this script)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vmlinux=$(realpath "${1:-$here/vmlinux}")
logs=${2:-$here/logs}

# What each run ends with: 1 after a panic, 0 when the program could go on.
declare -A ends=([sysrq]=1 [null]=1 [bug]=1 [warn]=0 [irq]=1)

mkdir -p "$logs"
for kind in sysrq null bug warn irq; do
	status=0
	timeout 10 "$vmlinux" "$kind" >"$logs/$kind.log.new" || status=$?
	if ((status != ends[$kind])); then
		echo "capture.sh: $kind ended with status $status, not ${ends[$kind]}" >&2
		rm -f "$logs/$kind.log.new"
		exit 1
	fi
	mv "$logs/$kind.log.new" "$logs/$kind.log"
done
