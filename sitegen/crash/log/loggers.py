"""What stands before printk's own prefix, or in its place: the marks of consoles, loggers and mailers.

A table by the characters a mark may begin with. Groups are `time`, `level` and `caller`; every
pattern is anchored, and takes linear time.
"""

import re
from collections.abc import Iterator

_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_MONTH_DAY = r"[A-Z][a-z]{2} {1,2}\d{1,2}"
_DATE = r"\d{4}-\d\d-\d\d"
_ZONE = r"(?: ?(?:Z|[+-]\d\d:?\d\d|[A-Z]{2,5}))"
_KERNEL = r"(?:[\w.:-]{1,255} ){0,2}kernel(?:\[\d{1,7}\])?: ?"
_STAMP = r"(?:<\d{1,3}>)?\[ {0,12}\d{1,12}\.\d{1,9}\]"

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_DIGIT = "0123456789"

_WRAPPERS: tuple[tuple[str, str], ...] = (
    # docker compose logs: web-1  | [    1.0] x
    (_UPPER + _LOWER + _DIGIT, rf"[\w.-]{{1,80}} {{1,40}}\| (?={_DATE}T|{_STAMP})"),
    # kubectl logs --prefix: [pod/x/y] [    1.0] x
    ("[", r"\[pod/[\w.-]{1,80}(?:/[\w.-]{1,80})?\] "),
)
_LOGGERS: tuple[tuple[str, str], ...] = (
    # RFC 5424: <4>1 2023-01-02T15:04:05.123456+01:00 host kernel - - - x
    (
        "<" + _DIGIT,
        (
            rf"(?:<(?P<level>\d{{1,3}})>)?1 (?P<time>{_DATE}T{_CLOCK}{_ZONE}) \S{{1,255}} kernel \S{{1,40}} \S{{1,40}}"
            r" (?:-|(?:\[[^\]]{0,200}\]){1,4}) ?\ufeff?"
        ),
    ),
    # `journalctl -k`, /var/log/kern.log: Jan  1 00:00:00 host kernel: x; `ts` names neither
    (
        _UPPER + "<",
        rf"(?:<(?P<level>\d{{1,3}})>)?(?P<time>{_MONTH_DAY} {_CLOCK}) (?:{_KERNEL}|(?={_STAMP}))",
    ),
    # OpenWrt's logread: Mon Jan  2 15:04:05 2023 kern.warn kernel: x
    (_UPPER, rf"(?P<time>[A-Z][a-z]{{2}} {_MONTH_DAY} {_CLOCK} \d{{4}}) {_KERNEL}"),
    # `journalctl -o short-full`: Mon 2023-01-02 15:04:05 UTC host kernel: x
    (_UPPER, rf"(?P<time>[A-Z][a-z]{{2}} {_DATE} {_CLOCK}{_ZONE}?) {_KERNEL}"),
    # rsyslog, `journalctl -o short-iso`, `dmesg --time-format iso`, `kubectl logs --timestamps`
    (_DIGIT, rf"(?P<time>{_DATE}[T ]{_CLOCK}{_ZONE}?)(?: {_KERNEL}| )"),
    # `journalctl -o short-unix`
    (_DIGIT, rf"(?P<time>\d{{9,12}}\.\d{{6}}) {_KERNEL}"),
    # netconsole with the extended header, perhaps with the release; /dev/kmsg
    (
        _DIGIT,
        (
            r"(?:\d{1,3}\.\d[\w.+~-]{0,80},)?(?P<level>\d{1,3}),\d{1,12},(?P<time>\d{1,16}),[-c+]"
            r"(?:,caller=(?P<caller>[A-Z]\d{1,9}))?(?:,[a-z]{1,12}=[^,;]{1,40}){0,6};"
        ),
    ),
    # logcat -b kernel: 01-02 15:04:05.123     0     0 W         : x
    (
        _DIGIT,
        r"(?P<time>\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) {1,6}\d{1,7} {1,6}\d{1,7} (?P<level>[VDIWEF]) [^:]{0,40}: ",
    ),
    # a clock alone, of serial tools
    (_DIGIT, rf"(?P<time>{_CLOCK}) {{1,4}}(?={_STAMP})"),
    # `dmesg -x`, perhaps with -T
    (
        _LOWER,
        (
            r"(?P<facility>[a-z]\w{2,7}) {0,6}:(?P<level>[a-z]{3,6}) {0,4}: "
            rf"(?:\[(?P<time>[A-Z][a-z]{{2}} {_MONTH_DAY} {_CLOCK} \d{{4}})\] ?)?"
        ),
    ),
    # `dmesg -T`
    ("[", rf"\[(?P<time>[A-Z][a-z]{{2}} {_MONTH_DAY} {_CLOCK} \d{{4}})\] ?"),
    # `dmesg -H`: a minute where one begins, elsewhere what went by since the line above
    ("[", r"\[(?P<time>[A-Z][a-z]{2} {0,2}\d{1,2} \d\d:\d\d| {0,12}\+\d{1,9}\.\d{6})\] ?"),
    # `dmesg -d`, `dmesg -e`
    ("[", r"\[ {0,12}(?P<time>\d{1,12}\.\d{1,9}) <[ +]{0,12}\d{1,12}\.\d{1,9}>\] ?"),
    # minicom, screen
    ("[", rf"\[(?P<time>{_DATE}[T ]{_CLOCK}{_ZONE}?)\] ?"),
    ("<", r"<(?P<level>\d{1,3})>"),
)


def _by_first(table: tuple[tuple[str, str], ...]) -> dict[str, tuple[re.Pattern[str], ...]]:
    compiled = [(firsts, re.compile(pattern)) for firsts, pattern in table]
    return {
        first: tuple(pattern for firsts, pattern in compiled if first in firsts)
        for first in {one for firsts, _ in table for one in firsts}
    }


_WRAPPERS_BY_FIRST = _by_first(_WRAPPERS)
_LOGGERS_BY_FIRST = _by_first(_LOGGERS)


def find_marks(text: str, at: int) -> Iterator[re.Match[str]]:
    """What loggers put before the message that begins at or after `at`, in the order it stands."""
    for table in (_WRAPPERS_BY_FIRST, _LOGGERS_BY_FIRST):
        for wanted in table.get(text[at : at + 1], ()):
            if found := wanted.match(text, at):
                at = found.end()
                yield found
                break
