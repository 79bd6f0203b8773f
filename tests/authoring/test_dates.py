import pytest

from sitegen.authoring.dates import day_of_log, day_of_name
from sitegen.crash.log import parse

CRASH = (
    "BUG: kernel NULL pointer dereference, address: 0000000000000008",
    "RIP: 0010:lamp_set+0x1b/0x30",
    "Call Trace:",
    " lamp_write+0x6b/0xb0",
    " vfs_write+0xc7/0x3f0",
)


def day(prefix: str, above: str = "") -> str:
    log = parse(above + "".join(f"{prefix}{line}\n" for line in CRASH))
    report = log.lead_report
    assert report is not None
    return day_of_log(log, report)


@pytest.mark.parametrize(
    "prefix",
    [
        "2026-11-23T10:42:11+01:00 host kernel: ",
        "2026-11-23T10:42:11.123456+0100 host kernel: [   12.345678] ",
        "2026-11-23T10:42:11,123456+01:00 ",
        "<4>1 2026-11-23T10:42:11.1Z host kernel - - - ",
        "[Mon Nov 23 10:42:11 2026] ",
        "kern  :warn  : [Mon Nov 23 10:42:11 2026] ",
        "Mon 2026-11-23 10:42:11 UTC host kernel: ",
        "1795430531.123456 host kernel: ",
        "[2026-11-23 10:42:11] ",
    ],
)
def test_a_log_with_a_wall_clock_dates_its_crash(prefix):
    assert day(prefix) == "2026-11-23"


@pytest.mark.parametrize(
    "prefix",
    ["[   12.345678] ", "Nov 23 10:42:11 host kernel: ", "", "2026-13-45T10:00:00 ", "10:42:11 "],
)
def test_a_log_without_a_whole_date_does_not(prefix):
    above = "[    0.1] Hardware name: Lamp, BIOS 1.0 04/01/2014\n[    0.2] Linux version 6.1 #1 Mon Jun 1 2026\n"
    assert day(prefix, above) == ""


RTC = (
    "[    2.000000] rtc_cmos 00:05: setting system clock to 2026-11-23T23:59:50 UTC (1795478390)\n"
)


def test_a_day_is_counted_from_the_machines_clock():
    assert day("[   11.000000] ", RTC) == "2026-11-23"
    assert day("[   12.500000] ", RTC) == "2026-11-24"


def test_it_is_not_counted_over_a_sleep():
    assert day("[  812.500000] ", f"{RTC}[  500.000000] PM: suspend exit\n") == ""


def test_a_record_of_the_journal_has_its_own_clock():
    lines = [
        f'{{"__REALTIME_TIMESTAMP":"1795430531000000","MESSAGE":"{line}","SYSLOG_IDENTIFIER":"kernel"}}\n'
        for line in CRASH
    ]
    log = parse("".join(lines))
    report = log.lead_report
    assert report is not None
    assert day_of_log(log, report) == "2026-11-23"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/var/crash/202611231042/dmesg.202611231042", "2026-11-23"),
        ("/var/crash/127.0.0.1-2026-11-23-10:42:11/vmcore-dmesg.txt", "2026-11-23"),
        ("/var/crash/2026-11-23/dmesg.txt", "2026-11-23"),
        ("/sys/fs/pstore/dmesg-efi-179543053101001", "2026-11-23"),
        ("/var/lib/systemd/pstore/1795430531/dmesg.txt", "2026-11-23"),
        ("/home/me/logs/panic.log", ""),
        ("/home/me/20261399/panic.log", ""),
        ("/home/me/lamp-6.1.20240101.log", "2024-01-01"),
        ("", ""),
    ],
)
def test_a_dump_is_dated_by_its_name(path, found):
    assert day_of_name(path) == found
