# SPDX-License-Identifier: MIT
#
# readelf --debug-dump=frames-interp vmlinux | awk -f orc.awk | sort > orc_rows.s
#
# Turns the compiler's description of its stack frames into rows for
# scripts/orc_table.S: from this address on, the frame ends at so many bytes above
# RSP (1) or RBP (2), and the caller's RBP is kept so far below that end (0: it
# is still in the register). A row of zeros: nothing is known from here on, as in
# assembly.

function row(pc, base, end, rbp) {
	printf "\torc 0x%s, %d, %d, %d\n", pc, base, end, rbp
}

# A function all of whose code has the frame that a call makes has no table.
function finish() {
	if (low && !rows)
		row(low, 1, 8, 0)
	if (high)
		row(high, 0, 0, 0)
	low = high = ""
}

$4 == "FDE" {
	finish()
	split(substr($6, 4), range, "[.][.]")
	low = range[1]
	high = range[2]
	rows = rbp_column = 0
	next
}

$4 == "CIE" { finish(); next }

# The columns are those registers that the function saves at all.
$1 == "LOC" {
	for (i = 3; i <= NF; i++)
		if ($i == "rbp")
			rbp_column = i
	next
}

low && $2 ~ /^r[sb]p[+]/ {
	base = substr($2, 1, 3) == "rsp" ? 1 : 2
	saved = rbp_column ? $rbp_column : "u"
	row($1, base, substr($2, 5), saved ~ /^c-/ ? substr(saved, 3) : 0)
	rows++
}

END { finish() }
