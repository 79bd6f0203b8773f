"""Path -> layer: what part of the kernel a function belongs to, in a reader's words.

The longest prefix wins. Letters follow the look: S entry, V file systems, P proc and
sysfs, D drivers, K the panic, M memory, T tasks and timers, X the rest; other layers
have a letter of their own.
"""

from typing import NamedTuple


class Layer(NamedTuple):
    """A part of the kernel that a chain passes through."""

    name: str
    letter: str


_SYSCALL = Layer("System call interface", "S")
_EXCEPTION = Layer("Exception entry", "S")
_INTERRUPT = Layer("Interrupt entry", "S")
_PANIC = Layer("Panic", "K")
_VFS = Layer("Virtual File System", "V")
_TASKS = Layer("Scheduler", "T")
_TIMERS = Layer("Timers", "T")
_WORK = Layer("Work queues", "T")

OUTSIDE = Layer("Out of tree", "X")
NOWHERE = Layer("", "")
"""Of a function that no debug information places."""

# Where a function belongs is not always where its file lies.
FUNCTIONS = {
    **dict.fromkeys(("panic", "vpanic", "nmi_panic"), _PANIC),
    **dict.fromkeys(("do_syscall_64", "x64_sys_call", "x32_sys_call", "ia32_sys_call"), _SYSCALL),
    **dict.fromkeys(("do_syscall_x64", "do_syscall_x32", "do_int80_syscall_32"), _SYSCALL),
    **dict.fromkeys(
        ("do_fast_syscall_32", "__do_fast_syscall_32", "do_syscall_32_irqs_on"), _SYSCALL
    ),
    **dict.fromkeys(("el0t_64_sync", "el0t_64_sync_handler", "el0_svc", "do_el0_svc"), _SYSCALL),
    **dict.fromkeys(("invoke_syscall", "__invoke_syscall", "el0_svc_common"), _SYSCALL),
    **dict.fromkeys(
        ("ret_fast_syscall", "handle_syscall", "do_trap_ecall_u", "syscall_handler"), _SYSCALL
    ),
    **dict.fromkeys(("ret_from_fork", "ret_from_fork_asm", "kthread"), Layer("Kernel thread", "T")),
}

PREFIXES = {
    "__x64_sys_": _SYSCALL,
    "__ia32_sys_": _SYSCALL,
    "__ia32_compat_sys_": _SYSCALL,
    "__arm64_sys_": _SYSCALL,
    "__arm64_compat_sys_": _SYSCALL,
    "__riscv_sys_": _SYSCALL,
    "__s390x_sys_": _SYSCALL,
    "entry_SYSCALL_": _SYSCALL,
    "entry_SYSENTER_": _SYSCALL,
    "entry_INT80_": _SYSCALL,
    "system_call": _SYSCALL,
    "asm_exc_": _EXCEPTION,
    "asm_sysvec_": _INTERRUPT,
    "asm_common_interrupt": _INTERRUPT,
    "sysvec_": _INTERRUPT,
    "__sysvec_": _INTERRUPT,
    "instr_sysvec_": _INTERRUPT,
    "el1h_64_sync": _EXCEPTION,
    "el1h_64_irq": _INTERRUPT,
    "el0t_64_irq": _INTERRUPT,
    "secondary_startup_64": Layer("Boot", "X"),
}

PATHS = {
    "arch/": Layer("Architecture", "X"),
    "arch/x86/entry/": _SYSCALL,
    "arch/x86/kernel/traps.c": _EXCEPTION,
    "arch/x86/kernel/apic/": _INTERRUPT,
    "arch/x86/kernel/irq": _INTERRUPT,
    "arch/x86/kernel/cpu/mce/": Layer("Machine check", "X"),
    "arch/x86/kernel/smp.c": Layer("Other CPUs", "T"),
    "arch/x86/mm/": Layer("Memory management", "M"),
    "arch/x86/mm/fault.c": Layer("Page fault", "M"),
    "arch/x86/kvm/": Layer("Virtual machines", "X"),
    "arch/arm64/kernel/entry": _EXCEPTION,
    "arch/arm64/kernel/syscall.c": _SYSCALL,
    "arch/arm64/mm/": Layer("Memory management", "M"),
    "arch/arm64/kvm/": Layer("Virtual machines", "X"),
    "arch/riscv/kernel/entry.S": _EXCEPTION,
    "arch/powerpc/kernel/interrupt": _SYSCALL,
    "arch/s390/kernel/entry.S": _EXCEPTION,
    "block/": Layer("Block layer", "B"),
    "certs/": Layer("Keys", "X"),
    "crypto/": Layer("Crypto", "C"),
    "drivers/": Layer("Drivers", "D"),
    "drivers/acpi/": Layer("ACPI", "D"),
    "drivers/android/": Layer("Binder", "D"),
    "drivers/ata/": Layer("ATA driver", "D"),
    "drivers/base/": Layer("Driver core", "D"),
    "drivers/block/": Layer("Block driver", "D"),
    "drivers/bluetooth/": Layer("Bluetooth driver", "D"),
    "drivers/char/": Layer("Character driver", "D"),
    "drivers/clocksource/": _TIMERS,
    "drivers/cpufreq/": Layer("CPU frequency", "D"),
    "drivers/cpuidle/": Layer("CPU idle", "D"),
    "drivers/crypto/": Layer("Crypto driver", "D"),
    "drivers/dma/": Layer("DMA driver", "D"),
    "drivers/firmware/": Layer("Firmware", "D"),
    "drivers/gpio/": Layer("GPIO driver", "D"),
    "drivers/gpu/drm/": Layer("Graphics driver", "D"),
    "drivers/hid/": Layer("Input device driver", "D"),
    "drivers/i2c/": Layer("I2C driver", "D"),
    "drivers/infiniband/": Layer("InfiniBand", "D"),
    "drivers/input/": Layer("Input driver", "D"),
    "drivers/iommu/": Layer("IOMMU", "D"),
    "drivers/irqchip/": Layer("Interrupt controller", "D"),
    "drivers/md/": Layer("RAID and device mapper", "B"),
    "drivers/media/": Layer("Media driver", "D"),
    "drivers/misc/": Layer("Misc driver", "D"),
    "drivers/mmc/": Layer("MMC driver", "D"),
    "drivers/mtd/": Layer("Flash driver", "D"),
    "drivers/net/": Layer("Network driver", "D"),
    "drivers/net/wireless/": Layer("Wireless driver", "D"),
    "drivers/nvme/": Layer("NVMe driver", "D"),
    "drivers/pci/": Layer("PCI", "D"),
    "drivers/platform/": Layer("Platform driver", "D"),
    "drivers/scsi/": Layer("SCSI", "D"),
    "drivers/staging/": Layer("Staging driver", "D"),
    "drivers/thermal/": Layer("Thermal", "D"),
    "drivers/tty/": Layer("Terminal driver", "D"),
    "drivers/tty/serial/": Layer("Serial driver", "D"),
    "drivers/tty/sysrq.c": Layer("sysrq driver", "D"),
    "drivers/usb/": Layer("USB", "D"),
    "drivers/vhost/": Layer("Virtio host", "D"),
    "drivers/video/": Layer("Video driver", "D"),
    "drivers/virtio/": Layer("Virtio", "D"),
    "drivers/xen/": Layer("Xen", "D"),
    "fs/": _VFS,
    "fs/aio.c": Layer("Asynchronous I/O", "V"),
    "fs/btrfs/": Layer("Btrfs", "V"),
    "fs/ceph/": Layer("Ceph", "V"),
    "fs/configfs/": Layer("configfs", "P"),
    "fs/debugfs/": Layer("debugfs", "X"),
    "fs/erofs/": Layer("EROFS", "V"),
    "fs/exfat/": Layer("exFAT", "V"),
    "fs/ext2/": Layer("ext2", "V"),
    "fs/ext4/": Layer("ext4", "V"),
    "fs/f2fs/": Layer("F2FS", "V"),
    "fs/fat/": Layer("FAT", "V"),
    "fs/fuse/": Layer("FUSE", "V"),
    "fs/gfs2/": Layer("GFS2", "V"),
    "fs/hfs": Layer("HFS", "V"),
    "fs/iomap/": Layer("iomap", "V"),
    "fs/jbd2/": Layer("Journal", "V"),
    "fs/jfs/": Layer("JFS", "V"),
    "fs/kernfs/": Layer("sysfs", "P"),
    "fs/nfs": Layer("NFS", "V"),
    "fs/nilfs2/": Layer("NILFS2", "V"),
    "fs/notify/": Layer("File notification", "V"),
    "fs/ntfs": Layer("NTFS", "V"),
    "fs/ocfs2/": Layer("OCFS2", "V"),
    "fs/overlayfs/": Layer("overlayfs", "V"),
    "fs/proc/": Layer("proc", "P"),
    "fs/pstore/": Layer("pstore", "X"),
    "fs/smb/": Layer("SMB", "V"),
    "fs/squashfs/": Layer("SquashFS", "V"),
    "fs/sysfs/": Layer("sysfs", "P"),
    "fs/tracefs/": Layer("tracefs", "X"),
    "fs/udf/": Layer("UDF", "V"),
    "fs/xfs/": Layer("XFS", "V"),
    "init/": Layer("Boot", "X"),
    "io_uring/": Layer("io_uring", "V"),
    "ipc/": Layer("System V IPC", "X"),
    "kernel/": Layer("Kernel core", "T"),
    "kernel/bpf/": Layer("BPF", "X"),
    "kernel/cgroup/": Layer("Control groups", "T"),
    "kernel/dma/": Layer("DMA", "M"),
    "kernel/entry/": _SYSCALL,
    "kernel/events/": Layer("Performance events", "X"),
    "kernel/exit.c": Layer("Tasks", "T"),
    "kernel/fork.c": Layer("Tasks", "T"),
    "kernel/futex/": Layer("Futexes", "T"),
    "kernel/hung_task.c": Layer("Watchdogs", "T"),
    "kernel/irq/": Layer("Interrupts", "T"),
    "kernel/kprobes.c": Layer("Tracing", "X"),
    "kernel/kthread.c": Layer("Kernel thread", "T"),
    "kernel/locking/": Layer("Locking", "T"),
    "kernel/module": Layer("Modules", "X"),
    "kernel/panic.c": _PANIC,
    "kernel/power/": Layer("Power management", "X"),
    "kernel/printk/": Layer("printk", "X"),
    "kernel/rcu/": Layer("RCU", "T"),
    "kernel/reboot.c": Layer("Reboot", "X"),
    "kernel/sched/": _TASKS,
    "kernel/signal.c": Layer("Signals", "T"),
    "kernel/smp.c": Layer("Other CPUs", "T"),
    "kernel/softirq.c": Layer("Soft interrupts", "T"),
    "kernel/time/": _TIMERS,
    "kernel/trace/": Layer("Tracing", "X"),
    "kernel/watchdog": Layer("Watchdogs", "T"),
    "kernel/workqueue.c": _WORK,
    "lib/": Layer("Library", "X"),
    "mm/": Layer("Memory management", "M"),
    "mm/kasan/": Layer("KASAN", "M"),
    "mm/oom_kill.c": Layer("Out-of-memory killer", "M"),
    "mm/shmem.c": Layer("tmpfs", "V"),
    "mm/slab": Layer("Slab allocator", "M"),
    "mm/slub.c": Layer("Slab allocator", "M"),
    "mm/swap": Layer("Swap", "M"),
    "mm/vmalloc.c": Layer("vmalloc", "M"),
    "net/": Layer("Network", "N"),
    "net/bluetooth/": Layer("Bluetooth", "N"),
    "net/bridge/": Layer("Bridge", "N"),
    "net/can/": Layer("CAN", "N"),
    "net/core/": Layer("Network core", "N"),
    "net/ipv4/": Layer("IPv4", "N"),
    "net/ipv4/tcp": Layer("TCP", "N"),
    "net/ipv4/udp": Layer("UDP", "N"),
    "net/ipv6/": Layer("IPv6", "N"),
    "net/mac80211/": Layer("Wireless", "N"),
    "net/mptcp/": Layer("MPTCP", "N"),
    "net/netfilter/": Layer("Netfilter", "N"),
    "net/netlink/": Layer("Netlink", "N"),
    "net/nfc/": Layer("NFC", "N"),
    "net/packet/": Layer("Packet sockets", "N"),
    "net/rds/": Layer("RDS", "N"),
    "net/rxrpc/": Layer("RxRPC", "N"),
    "net/sched/": Layer("Traffic control", "N"),
    "net/sctp/": Layer("SCTP", "N"),
    "net/smc/": Layer("SMC", "N"),
    "net/socket.c": Layer("Sockets", "N"),
    "net/sunrpc/": Layer("Sun RPC", "N"),
    "net/tipc/": Layer("TIPC", "N"),
    "net/unix/": Layer("Unix sockets", "N"),
    "net/vmw_vsock/": Layer("vsock", "N"),
    "net/wireless/": Layer("Wireless", "N"),
    "net/xfrm/": Layer("IPsec", "N"),
    "samples/": Layer("Samples", "X"),
    "security/": Layer("Security modules", "L"),
    "security/apparmor/": Layer("AppArmor", "L"),
    "security/integrity/": Layer("Integrity", "L"),
    "security/keys/": Layer("Keys", "L"),
    "security/selinux/": Layer("SELinux", "L"),
    "security/tomoyo/": Layer("TOMOYO", "L"),
    "sound/": Layer("Sound", "D"),
    "tools/": Layer("Tools", "X"),
    "virt/": Layer("Virtual machines", "X"),
}


def layer_of(function: str, file: str = "") -> Layer:
    """The layer of a function, by its name where that says it, else by its file.

    A file that lies in none of the kernel's folders belongs to a module built elsewhere.

    >>> layer_of("__x64_sys_write", "fs/read_write.c").letter
    'S'
    >>> layer_of("sysrq_handle_crash", "drivers/tty/sysrq.c").name
    'sysrq driver'
    """
    if function in FUNCTIONS:
        return FUNCTIONS[function]
    for prefix, layer in PREFIXES.items():
        if function.startswith(prefix):
            return layer
    if not file:
        return NOWHERE
    return next(
        (PATHS[file[:end]] for end in range(len(file), 0, -1) if file[:end] in PATHS),
        _elsewhere(file),
    )


def _elsewhere(file: str) -> Layer:
    # Inline functions of headers run on behalf of those they are inlined in.
    return NOWHERE if file.startswith("include/") else OUTSIDE
