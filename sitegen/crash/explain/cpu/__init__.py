"""What is known of each processor's words: registers by name, exceptions, how functions are called."""

from sitegen.crash.explain.cpu import arm, arm64, loongarch, mips, powerpc, riscv, s390, x86
from sitegen.crash.explain.cpu.shape import Cpu, Said

__all__ = ["CPUS", "Cpu", "Said", "find_cpu"]

CPUS: dict[str, Cpu] = {
    "x86_64": x86.X86_64,
    "i386": x86.I386,
    "aarch64": arm64.CPU,
    "arm": arm.CPU,
    "riscv64": riscv.CPU,
    "ppc64le": powerpc.CPU,
    "s390x": s390.CPU,
    "mips": mips.CPU,
    "loongarch64": loongarch.CPU,
}
"""By the name of the architecture."""


def find_cpu(arch: str) -> Cpu:
    """What is known of the architecture's words. A log that tells none is taken for one of x86-64."""
    return CPUS.get(arch, x86.X86_64)
