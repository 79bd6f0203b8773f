"""Names of C++, as c++filt writes them without parameters."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.crash.names.demangle import demangle

NAMES = {
    "_Z3foov": "foo",
    "_ZN11DisplayPort13ConnectorImpl11notifyShortEPNS_5GroupEb": (
        "DisplayPort::ConnectorImpl::notifyShort"
    ),
    "_ZThn16_N3foo3barEv": "non-virtual thunk to foo::bar",
    "_ZTv0_n24_N1a1bEv": "virtual thunk to a::b",
    "_ZTchn16_h16_N1a1bEv": "covariant return thunk to a::b",
    "_ZN3fooC1EiRKS_": "foo::foo",
    "_ZN3fooIiED0Ev": "foo<int>::~foo",
    "_ZN3foopLERKS_": "foo::operator+=",
    "_ZN3foolsIiEERS_T_": "foo::operator<< <int>",
    "_ZN3foocvbEv": "foo::operator bool",
    "_ZnwmPv": "operator new",
    "_ZN3fooIiE3barEv": "foo<int>::bar",
    "_Z3fooILi5ELb1ELln7ELj3EEvv": "foo<5, true, -7l, 3u>",
    "_Z3fooILN1a1eE2EEvv": "foo<(a::e)2>",
    "_ZN3fooIXadL_Z3barvEEE3bazEv": "foo<&(bar)>::baz",
    "_ZNKSt8functionIFviEEclEi": "std::function<void (int)>::operator()",
    "_Z3fooIPFiPKcEEvT_": "foo<int (*)(char const*)>",
    "_Z3fooIRA63_KcEvOT_": "foo<char const (&)[63]>",
    "_Z3fooIM1aFivEEvT_": "foo<int (a::*)()>",
    "_Z3fooIJiRKcEEvDpT_": "foo<int, char const&>",
    "_ZNSt6vectorIiSaIiEE9push_backEOi": "std::vector<int, std::allocator<int> >::push_back",
    "_ZNSs6appendERKSs": "std::string::append",
    "_ZZN3foo3barEvENKUlvE_clEv": "foo::bar::{lambda#1}::operator()",
    "_ZZ3fooiENKUliE0_clEi": "foo::{lambda#2}::operator()",
    "_ZN3foo3barB5cxx11Ev": "foo::bar[abi:cxx11]",
    "_ZN12_GLOBAL__N_13fooEv": "(anonymous namespace)::foo",
    "_ZNK1a1bIS0_E1cEv": "a::b<a::b>::c",
    "_ZN1aIS_IiEE1bERKS1_": "a<a<int> >::b",
    "_ZN3foo3barEv.isra.0": "foo::bar.isra.0",
}
FORGED = (
    *(
        "_Z",
        "_ZN",
        "_ZN3fo",
        "_ZNS_3barEv",
        "_Z999999foo",
        "_ZN3foo3barIXplLi1ELi2EEEEvv",
    ),
    *(
        "_ZTV3foo",
        "_ZTc",
        "_ZC1v",
        "_ZT",
        "_ZTh",
        "_Z1aIJJJJ",
        "_Z" + "1aI" * 600,
        "_ZN" + "1a" * 900,
    ),
)


@pytest.mark.parametrize("mangled", NAMES)
def test_names_are_written_as_their_source_does(mangled: str) -> None:
    assert demangle(mangled) == NAMES[mangled]


@pytest.mark.parametrize("mangled", FORGED)
def test_what_cannot_be_read_stays_as_it_is(mangled: str) -> None:
    assert demangle(mangled) == mangled


@given(st.text(alphabet="NSZTIJLXEDCKVRPFMUABabcilsvtuwz_.0123459", max_size=60))
def test_whatever_stands_behind_z_is_read_or_stays(text: str) -> None:
    assert demangle(f"_Z{text}")
    assert demangle(f"_ZN1aI{text}")


def test_references_that_double_a_name_end() -> None:
    name = (
        "_Z1aI1bI" + "".join(f"1c{'S' + str(i) + '_'}{'S' + str(i) + '_'}" for i in range(9)) * 20
    )
    doubled = "_Z1f" + "I" + "1aIS_S_E" * 60 + "Evv"
    for forged in (name, doubled, "_ZN1aI" + "PFvN1aI" * 90):
        assert len(demangle(forged)) < 20_000


def test_a_library_s_functions_are_written_as_c_filt_does() -> None:
    library = next(Path("/usr/lib").glob("*/libstdc++.so.6"), None)
    if library is None or not (shutil.which("nm") and shutil.which("c++filt")):
        pytest.skip("libstdc++, nm or c++filt is not installed")
    listed = subprocess.run(["nm", "-D", library], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    names = sorted({row[2].partition("@")[0] for row in rows if len(row) == 3 and row[1] in "TW"})
    names = [name for name in names if name.startswith("_Z") and not name.startswith("_ZGT")]
    asked = "\n".join(names)
    said = subprocess.run(
        ["c++filt", "-p"], input=asked, capture_output=True, text=True, check=True
    )
    # The standard's abbreviations are written out there, and parameters behind a thunk.
    known = {
        name: text
        for name, text in zip(names, said.stdout.splitlines(), strict=True)
        if not any(short in name for short in ("Ss", "Si", "So", "Sd", "_ZT"))
    }
    wrong = [(name, demangle(name), text) for name, text in known.items() if demangle(name) != text]
    assert len(known) > 1000
    assert wrong == []
