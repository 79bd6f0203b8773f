"""RISC-V. Words of arch/riscv/kernel/{process,traps}.c and entry.S."""

from sitegen.crash.arch.shape import Arch
from sitegen.crash.traps import ENTRIES

RISCV = Arch(
    name="riscv64",
    aliases=("riscv", "riscv32", "rv64"),
    bits=64,
    marks=(
        (r"\bepc : ", "epc : "),
        (r"\bstatus: [0-9a-f]{16} badaddr: [0-9a-f]{16}", "badaddr: "),
        (r"\bret_from_exception\+0x", "ret_from_exception+"),
        (r"\bdo_trap_ecall_u\+0x", "do_trap_ecall_u+"),
        (r"\b__riscv_sys_\w+\+0x", "__riscv_sys_"),
        (r"[ -]riscv(?:64|32)\b", "riscv"),
        (r"\barch/riscv/", "arch/riscv/"),
    ),
    pc=("epc",),
    lr=("ra",),
    sp=("sp",),
    registers=(
        *("ra", "sp", "gp", "tp"),
        *(
            f"{kind}{number}"
            for kind, count in (("t", 7), ("s", 12), ("a", 8))
            for number in range(count)
        ),
        *("status", "badaddr", "cause"),
    ),
    # SPP (bit 8), and MPP (11, 12) where the kernel runs in machine mode, say where from.
    user=(r"\bstatus: [0-9a-f]{12}[02468ace][0246][0-9a-f]{2}\b",),
    exceptions=ENTRIES["riscv64"].names,
    exception_prefixes=ENTRIES["riscv64"].beginnings,
    entries=("ret_from_syscall", "check_syscall_nr", "ret_from_fork", "ret_from_fork_asm"),
    syscall_entries=("ret_from_syscall", "check_syscall_nr", "do_trap_ecall_u", "handle_syscall"),
    syscall_number="a7",
    syscall_arguments=("a0", "a1", "a2", "a3", "a4", "a5"),
)
