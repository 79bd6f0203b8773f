import pytest

from sitegen.crash.chain.names import is_wrapped, syscall_name
from sitegen.crash.names import bare_name, is_copy


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("vfs_write", "vfs_write"),
        ("__handle_sysrq.cold", "__handle_sysrq"),
        ("cm_level3_read.constprop.0", "cm_level3_read"),
        ("f.isra.0.part.12.cold.3", "f"),
        ("f.llvm.1234567890", "f"),
        ("f.isra", "f"),
        ("f.cfi_jt", "f"),
        ("f.__uniq.206184.llvm.77", "f"),
        ("f.localalias.1", "f"),
        ("f.other.0", "f.other.0"),
        ("f.5", "f"),
        ("f.5.6.7", "f.5.6.7"),
        ("f.constprop.0.1", "f"),
        ("f.0.1.isra.2.3", "f.0.1"),
        (".f.cold", ".f"),
        (".cold", ".cold"),
        ("", ""),
    ],
)
def test_what_compilers_add_is_taken_off(symbol, name):
    assert bare_name(symbol) == name


def test_a_name_without_end_is_read_once():
    name = ".isra.0" * 200_000 + "x"
    assert name.startswith(bare_name(name))


def test_system_calls_are_known_by_their_functions():
    assert syscall_name("__x64_sys_write") == "write"
    assert syscall_name("__ia32_compat_sys_ioctl") == "ioctl"
    assert syscall_name("ksys_write") == ""
    assert is_wrapped("__do_sys_finit_module")
    assert not is_wrapped("__x64_sys_finit_module")


def test_copies_that_a_compiler_made_for_itself_are_told():
    assert is_copy("f.isra.0")
    assert is_copy("f.constprop.0.cold")
    assert is_copy("f.llvm.1.part.0")
    assert not is_copy("f.llvm.1")
    assert not is_copy("f.localalias")
    assert not is_copy("f.cold"), "a part of it elsewhere, and no other function"
    assert not is_copy("f")
