import re

import pytest

from sitegen.crash.chain.subsystems import FUNCTIONS, PATHS, PREFIXES, layer_of


@pytest.mark.parametrize(
    ("function", "file", "layer"),
    [
        ("entry_SYSCALL_64_after_hwframe", "arch/x86/entry/entry_64.S", "System call interface"),
        ("do_syscall_x64", "arch/x86/entry/common.c", "System call interface"),
        ("__x64_sys_write", "fs/read_write.c", "System call interface"),
        ("ksys_write", "fs/read_write.c", "Virtual File System"),
        ("proc_reg_write", "fs/proc/inode.c", "proc"),
        ("write_sysrq_trigger", "drivers/tty/sysrq.c", "sysrq driver"),
        ("tty_write", "drivers/tty/tty_io.c", "Terminal driver"),
        ("tcp_v6_rcv", "net/ipv6/tcp_ipv6.c", "IPv6"),
        ("tcp_sendmsg", "net/ipv4/tcp.c", "TCP"),
        ("panic", "", "Panic"),
        ("cm_write", "/lab/crashme/crashme_main.c", "Out of tree"),
        ("vfs_write", "", ""),
        ("list_del", "include/linux/list.h", ""),
    ],
)
def test_a_function_is_in_its_layer(function, file, layer):
    assert layer_of(function, file).name == layer


def test_letters_are_single_capitals_and_names_have_one_letter_each():
    layers = [*FUNCTIONS.values(), *PREFIXES.values(), *PATHS.values()]
    assert all(re.fullmatch("[A-Z]", layer.letter) for layer in layers)
    letters = {}
    for layer in layers:
        assert letters.setdefault(layer.name, layer.letter) == layer.letter or layer.name == "Keys"


def test_a_path_without_end_is_looked_up_all_the_same():
    assert layer_of("f", "fs/" + "a/" * 10_000).name == "Virtual File System"
