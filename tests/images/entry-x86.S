	.text
	.globl	_start
	.type	_start, @function
_start:
	xorl	%edi, %edi
	movq	%rsp, %rsi
	call	dispatch
	call	rarely
	nop
	call	third
1:	jmp	1b
	.size	_start, .-_start
