	.text
	.globl	_start
	.type	_start, %function
_start:
	mov	w0, #0
	mov	x1, sp
	bl	dispatch
	bl	rarely
	nop
	bl	third
1:	b	1b
	.size	_start, .-_start
