"""Time is linear in the length of a log, whatever stands in it.

Each text is parsed at two lengths, the longer four times the shorter: time with the square of the
length takes sixteen times as long. What parsing costs otherwise is measured in tests/bench.
"""

import json
import time
from collections.abc import Callable

import pytest

from sitegen.crash.log import parse
from tests.crash.log.test_laws import check

NASTY: dict[str, Callable[[int], str]] = {
    "one-line": lambda n: "a" * n,
    "triggers": lambda n: "WARNING: CPU: 1 at x.c:1 f+0x1/0x2\n" * (n // 36),
    "triggers-in-a-line": lambda n: ("WARNING: " * 200 + "\n") * (n // 1800),
    "star-bait": lambda n: ("WARNING: " + "mm/.c " * 300 + "\n") * (n // 1810),
    "names": lambda n: ("BUG: " + "a.b" * 600 + "\n") * (n // 1806),
    "contexts": lambda n: "".join(
        f"[    1.0][ T{i}] WARNING: x at a.c:1 f+0x1/0x2\n" for i in range(n // 50)
    ),
    "frames": lambda n: "Call Trace:\n" + " f+0x1/0x2\n" * (n // 11),
    "hex": lambda n: ("Code: " + "0123456789abcdef" * 100 + "\n") * (n // 1606),
    "blank": lambda n: "BUG: unable to handle page fault for address: 0\n" + "\n" * n,
    "escapes": lambda n: ("\x1b[" + "0" * 1800 + "\n") * (n // 1803),
    "brackets": lambda n: ("[" * 1800 + "\n") * (n // 1801),
}


def cut_by_a_terminal(rests: int) -> str:
    head = "[ 1.0][ T1] BUG: unable to handle page fault at 1".ljust(70, "x")
    panic = "Kernel panic - not syncing: Fatal exception"
    return "\n".join([head, *(f"{panic} {i:06d}".ljust(70, "y") for i in range(rests))])


# Logs of many lines each of which begins, or may go on with, a report. By lines, not by bytes.
HEADLINES: dict[str, Callable[[int], str]] = {
    "faults": lambda n: "BUG: unable to handle page fault for address: 0\n" * n,
    "faults-of-a-caller": lambda n: "[ 1.0][ T1] BUG: unable to handle page fault at 1\n" * n,
    "memory": lambda n: "[    1.000000] a invoked oom-killer: gfp\n" * n,
    "bugs": lambda n: "kernel BUG at mm/a.c:12!\n" * n,
    "lockdep": lambda n: "WARNING: possible circular locking dependency detected\n" * n,
    "callers": lambda n: "".join(
        f"[    1.0][ T{i}] BUG: unable to handle page fault at {i}\nbare {i}\n"
        for i in range(n // 2)
    ),
    "callers-then-bare": lambda n: (
        "".join(
            f"[    1.0][ T{i}] BUG: unable to handle page fault at {i}\n" for i in range(n // 2)
        )
        + "bare\n" * (n // 2)
    ),
    "broken-into": lambda n: (
        "[ 1.0][ T1] BUG: unable to handle x\n[ 1.0][ T1] Oops: 0000 [#1]\n"
        "[ 1.0][ T1] kernel BUG at mm/a.c:1!\n[ 1.0][ T1] RIP: 0010:f+0x1/0x2\n" * (n // 4)
    ),
    "long-headlines": lambda n: ("BUG: unable to handle " + "a" * 1200 + "\n") * (n // 8),
    "rests": cut_by_a_terminal,
    "taints": lambda n: (
        "BUG: KASAN: use-after-free in f+0x1/0x2\n"
        + "".join(f"Tainted: [O]=OOT{i}\n" for i in range(n))
    ),
}


# Texts that may take a form of messages wrapped up, or be wrapped themselves. By lines.
WRAPPED: dict[str, Callable[[int], str]] = {
    "json": lambda n: '{"PRIORITY":"4","MESSAGE":"BUG: x\\n f+0x1/0x2"}\n' * n,
    "json-pretty": lambda n: '{\n\t"MESSAGE" : "BUG: x",\n' + '\t"X" : "y",\n' * n,
    "json-bytes": lambda n: '{"MESSAGE":[' + "66, " * (20 * n) + "10]}\n",
    "json-bytes-in-lines": lambda n: '{\n"MESSAGE" : [\n' + "66,\n" * n + "10]\n}\n",
    "json-bytes-without-end": lambda n: '"MESSAGE" : [\n' * n,
    "json-escapes": lambda n: '{"MESSAGE":"BUG: ' + "\\u0041\\n" * (10 * n) + '"}\n',
    "json-console": lambda n: json.dumps({"Output": "[    1.000000] BUG: x\n" * n}),
    "json-console-of-headlines": lambda n: json.dumps(
        {"Output": "BUG: x\n---[ end Kernel panic\n" * n}
    ),
    "json-console-in-a-long-log": lambda n: (
        json.dumps({"Output": "BUG: x\n---[ end Kernel panic\n" * n}) + "\n{}" * 51_000
    ),
    "export": lambda n: "__CURSOR=s=0\n" + "MESSAGE\n" * (n // 2) + "x BUG: y\n" * (n // 2),
    "export-without-end": lambda n: "__CURSOR=s=0\nMESSAGE\n" + "x\n" * n,
    "netconsole": lambda n: "4,1,1,-,ncfrag=0/9999;BUG: x\n" + "4,1,1,-,ncfrag=8/9999;y\n" * n,
    "netconsole-in-a-line": lambda n: "4,1,1,-,ncfrag=0/9;BUG: x" * (10 * n),
    "monotonic": lambda n: "[    1.000000] h kernel: BUG: x\n" * n,
    "mailed": lambda n: "[    1.000000] BUG: unable to handle " + "x" * 40 + "\nmore words\n" * n,
    "stack-rows": lambda n: (
        "Internal error: Oops: 5 [#1] SMP ARM\npc : [<c0101234>]\nException stack(0xc8d5dd10 to 0xc8d5dd58)\n"
        + "dd20: 00000104 00000105 00000106 00000107\n" * n
    ),
    "long-line": lambda n: "BUG: " + "f+0x1/0x2 RAX: 0000 pc : x (a.c:1) " * (10 * n),
    "long-code": lambda n: "BUG: x\nCode: " + "0f " * (100 * n),
    "long-quote": lambda n: ("> " * 2000 + "BUG: x\n") * (n // 10),
}


def test_a_line_cut_more_often_than_lines_are_is_not_followed_for_ever() -> None:
    (report,) = check(cut_by_a_terminal(3_000)).reports
    assert report.last == 3_001


@pytest.mark.parametrize("make", [*NASTY.values()], ids=[*NASTY])
def test_time_is_linear_in_the_size_of_a_nasty_text(make: Callable[[int], str]) -> None:
    assert_linear(make, 5_000)


@pytest.mark.parametrize(
    "make", [*HEADLINES.values(), *WRAPPED.values()], ids=[*HEADLINES, *WRAPPED]
)
def test_time_is_linear_in_the_number_of_lines(make: Callable[[int], str]) -> None:
    assert_linear(make, 200)


def assert_linear(make: Callable[[int], str], size: int) -> None:
    def seconds(size: int) -> float:
        text = make(size)
        start = time.process_time()
        parse(text)
        return time.process_time() - start

    seconds(size // 5)  # patterns are compiled, tables read
    tries = [(seconds(size), seconds(4 * size))]
    while len(tries) < 4 and tries[-1][1] > 10 * tries[-1][0] + 0.1:
        tries.append((seconds(size), seconds(4 * size)))  # something else may have run
    one, four = tries[-1]
    assert four <= 10 * one + 0.1, f"seconds for {size} and four times that: {tries}"
