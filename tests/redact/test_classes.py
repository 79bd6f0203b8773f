"""The built-in classes: what they find, and what only looks like it."""

import pytest

from sitegen.redact.classes import CLASSES, normal


def found(name: str, text: str) -> list[str]:
    return [text[start:end] for start, end in CLASSES[name].find(text)]


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("ipv4", "from 10.0.0.5:8080, 192.0.2.7/24 and (203.0.113.9).", ["10.0.0.5", "192.0.2.7", "203.0.113.9"]),
        ("ipv4", "10.0.0.5.443 > 10.0.0.9.51234: Flags", ["10.0.0.5", "10.0.0.9"]),
        ("ipv4", "192.0.2.1-192.0.2.9, ip-10.0.0.5", ["192.0.2.1", "192.0.2.9", "10.0.0.5"]),
        ("ipv6", "fe80::1%eth0, [2001:DB8::5]:80, ::ffff:10.0.0.5", ["fe80::1", "2001:DB8::5", "::ffff:10.0.0.5"]),
        ("ipv6", "fe80:0000:0000:0000:0202:b3ff:fe1e:8329", ["fe80:0000:0000:0000:0202:b3ff:fe1e:8329"]),
        ("mac", "AA-BB-CC-00-11-22 52:54:00:12:34:56, 0011.22aa.3344", ["AA-BB-CC-00-11-22", "52:54:00:12:34:56", "0011.22aa.3344"]),
        ("mac", "MAC=00:11:22:33:44:55:66:77:88:99:aa:bb:08:00 SRC", ["00:11:22:33:44:55", "66:77:88:99:aa:bb"]),
        ("mac", "renamed enx001122334455 port 50:01:43:80:12:34:56:78", ["001122334455", "50:01:43:80:12:34:56:78"]),
        ("email", "Joe <joe.b+k@mail.example.com>, x@y.de.", ["joe.b+k@mail.example.com", "x@y.de"]),
        ("uuid", "root=UUID=550e8400-e29b-41d4-a716-446655440000 ro", ["550e8400-e29b-41d4-a716-446655440000"]),
        ("home", r"/home/alice/src, /Users/Bob. C:\Users\al.ice\x", ["alice", "Bob", "al.ice"]),
        ("host", "Nov 23 18:40:01 db01 kernel: [    1.0] x", ["db01"]),
        ("host", "2026-11-23T18:40:01.123+01:00 db01.example sshd[12]: x", ["db01.example"]),
        ("host", '{"_HOSTNAME":"db01","MESSAGE":"x"}\n_HOSTNAME=web7\n', ["db01", "web7"]),
        ("host", "Linux version 6.1.0 (joe@buildbox) (gcc 12", ["buildbox"]),
        ("serial", "SerialNumber: 4C530001 S/N ABC-123, serial=XY12", ["4C530001", "ABC-123", "XY12"]),
    ],
)  # fmt: skip
def test_values_are_found(name, text, values):
    assert found(name, text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Linux version 5.15.0.1 (x) #1 SMP",
        "CPU: 0 PID: 1 Comm: sh Not tainted 6.1.0.56 #1",
        "Tainted: G        W  OE      5.15.0.1-x #1",
        "CPU: 0 PID: 7 Comm: sh Tainted: G    B D W          5.15.0.1 #3",
        "[   12.345678] vfs_write+0x10/0x20, v5.15.0.1, linux-5.15.0.1",
        "[   12.345678][ T5088] BUG: KASAN: slab-use-after-free in f+0x1d2/0x9f0 [ext4]",
        "Code: 48 8b 05 00 11 22 33 44 55 66 aa bb cc dd <48> 8b",
        "pci 0000:00:1f.2: [8086:2922] type 00 class 0x010601",
        "Hardware name: QEMU Standard PC, BIOS 1.16.3-debian-1.16.3-2 04/01/2014",
        "BIOS 2.11.2.0 01/01/2011, firmware: 1.2.3.4",
        "commit 2f064a59a11ff9bc22e52e9678bc601404c7cb34 in 6.1.0-56-amd64",
        "build ID b52ed0c2d0d8e4ee2f5a3fe3b3d9c4bdb0c4ac2e",
        "12:34:56, std::add, fee::add(), a::b, ::, ::1 and 1.3.6.1.4.1",
        "127.0.0.1 0.0.0.0 255.255.255.0 00:00:00:00:00:00 ff:ff:ff:ff:ff:ff",
        "serial8250: ttyS0 at I/O 0x3f8, Serial: 8250/16550 driver, 4 ports",
        "getty@tty1.service linux-kernel@vger.kernel.org netdev@lists.example.org",
        "Nov 23 18:40:01 localhost kernel: x",
        "RIP: 0010:ffffffff81234567 RSP: 0018:ffffc90000567e58 EFLAGS: 00010246",
        "00000000-0000-0000-0000-000000000000, the home of /homeless",
    ],
)
def test_what_only_looks_like_a_value_is_left(text):
    assert {name: found(name, text) for name in CLASSES if found(name, text)} == {}


def test_one_value_has_one_form_however_it_is_written():
    macs = ["AA-BB-CC-00-11-22", "aa:bb:cc:00:11:22", "aabb.cc00.1122", "AABBCC001122"]
    assert {normal("mac", one) for one in macs} == {"aa:bb:cc:00:11:22"}
    assert normal("ipv6", "2001:0DB8:0:0:0:0:0:5") == normal("ipv6", "2001:db8::5")
    assert normal("email", "Joe@Example.COM") == "joe@example.com"
