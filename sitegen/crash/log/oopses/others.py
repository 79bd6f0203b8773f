"""Reports that are one line, and those of other programs on the console.

Formats, skipped functions and titles are syzkaller's (pkg/report/linux.go, Apache-2.0,
Copyright syzkaller project authors), taken as facts, so that titles agree with syzbot's.
"""

from sitegen.crash.log.oopses.shape import Format, Oops

KERNEL = (
    Oops(
        "Booting the kernel.",
        (Format(r"\ABooting the kernel", "unexpected kernel reboot", traceless=True),),
        unless=r"Parsing ELF|Decompressing Linux|Unknown parameter '",
    ),
    Oops(
        "unregister_netdevice: waiting for",
        (
            Format(
                r"unregister_netdevice: waiting for .* to become free",
                "unregister_netdevice: waiting for DEV to become free",
                traceless=True,
            ),
        ),
    ),
    Oops(
        "VFS: Close: file count is 0",
        (
            Format(
                r"VFS: Close: file count is 0",
                "VFS: Close: file count is zero (use-after-free)",
                traceless=True,
            ),
        ),
    ),
    Oops(
        "VFS: Busy inodes after unmount",
        (
            Format(
                r"VFS: Busy inodes after unmount",
                "VFS: Busy inodes after unmount (use-after-free)",
                traceless=True,
            ),
        ),
    ),
)

PROGRAMS = (
    Oops(
        "trusty: panic",
        (
            Format(
                r"trusty: panic.* ASSERT FAILED",
                "trusty: ASSERT FAILED: {rest}",
                needs=(
                    r"trusty: panic \([^)]*\):(?: DEBUG)? ASSERT FAILED at \([^)]*\): (?P<rest>.+)",
                ),
                traceless=True,
            ),
            Format(
                r"trusty: panic.* ASSERT FAILED.*: (?P<rest>.*)",
                "trusty: ASSERT FAILED: {rest}",
                corrupted=True,
            ),
            Format(
                r"trusty: panic",
                "trusty: panic: {rest}",
                needs=(r"trusty: panic \([^)]*\): (?P<rest>.+)",),
                traceless=True,
            ),
        ),
    ),
    Oops(
        "fatal error:",
        (Format(r"fatal error:", "go runtime error", traceless=True),),
        unless=r"ALSA|fatal error: cannot create timer",
    ),
    Oops("SYZFAIL:", (Format(r"SYZFAIL:(?P<rest>.*)", "SYZFAIL:{rest}", traceless=True),)),
    Oops(
        "SYZFATAL:",
        (Format(r"SYZFATAL:(?P<rest>.*)", "SYZFATAL:{rest}", alt=("SYZFATAL",), traceless=True),),
    ),
    Oops(
        "panic:",
        (
            Format(
                r"panic: Sentry detected .* stuck task",
                "panic: Sentry detected stuck tasks",
                traceless=True,
            ),
            Format(r"panic:(?P<rest>.*)", "panic:{rest}", traceless=True),
        ),
        unless=r"_panic:|xlog_status:|ddb\.onpanic:|evtlog_status:",
    ),
)
