"""The dumps of a report -> the words in them: registers, `Code:`, the address of the fault."""

from collections.abc import Iterator, Sequence

from sitegen.crash.arch import Arch
from sitegen.crash.explain import fault, listing, marks, process, registers
from sitegen.crash.explain.access import Access, find_access
from sitegen.crash.explain.dumps import Dump, find_dumps
from sitegen.crash.explain.words import find_number, find_record, span_of
from sitegen.crash.lazy import Lazy
from sitegen.model import CrashLog, Explanation, Record, Report, State


def state_words(
    log: CrashLog, report: Report, records: Sequence[Record], arch: Arch
) -> Iterator[Explanation]:
    """What the dumps tell, the address of the fault before the registers; the same dump only once."""
    dumps = find_dumps(report, records, arch)
    calls = (process.find_call(log, report, one.state, arch) for one in dumps if one.state.user)
    call = next((one for one in calls if one), None)
    known: list[State] = []
    told = False
    for dump in dumps:
        state = dump.state
        if repeats_one(state, known):
            yield from _again(log, state, records)
            continue
        known.append(state)
        yield from _code_word(log, dump, records, arch)
        if state.user:
            mine = process.find_call(log, report, state, arch)
            yield from process.process_registers(state, mine, arch)
            continue
        machine = process.machine_of(log, state, arch)
        access = find_access(records, registers.values_of(state), arch)
        detail = fault.read_detail(dump, machine)
        why = fault.find_fault(report, state, detail, access, arch)
        facts = registers.Known(
            arch,
            log.slide,
            report.fault_address,
            why.roles if why else {},
            process.handed_over(call),
        )
        if not told:
            inside = listing.inside_of(dump, machine)
            yield from _fault_words(
                log, report, state, why, records, access=access, inside=inside, arch=arch
            )
        told = True
        yield from registers.kernel_registers(state, facts)
    if not told:
        access = find_access(records, {}, arch)
        yield from _fault_words(
            log, report, None, None, records, access=access, inside="", arch=arch
        )


_MOST_REPEATED = 32
"""Dumps of a report that a later one may repeat: the first ones are the crash's own."""


def repeats_one(state: State, known: Sequence[State]) -> bool:
    """Whether the dump says nothing that one of the known ones, the first of which count, did not."""
    return any(_repeats(state, one) for one in known[:_MOST_REPEATED])


def _repeats(state: State, before: State) -> bool:
    if state.user != before.user or not state.registers:
        return False
    values = {one.name: one.value for one in before.registers}
    return all(values.get(one.name) == one.value for one in state.registers)


def _again(log: CrashLog, state: State, records: Sequence[Record]) -> Iterator[Explanation]:
    told = [one.at for one in (state.pc, *state.registers[:1]) if one is not None]
    record = find_record(records, min(told, key=lambda at: (at.line, at.column)))
    if record is not None and (at := span_of(log, record, 0, min(len(record.text), 4))):
        text = "The registers of the oops once more, for those who saw only the end of the log."
        yield Explanation(at, text, weight="plain")


def _code_word(
    log: CrashLog, dump: Dump, records: Sequence[Record], arch: Arch
) -> Iterator[Explanation]:
    """`Code:`, the word."""
    state = dump.state
    record = find_record(records, state.code.at) if state.code else None
    if record is None or state.code is None or dump.texts:
        return
    word = "Instruction dump" if "Instruction dump" in record.text else "Code"
    start = max(record.text.find(word), 0)
    at = span_of(log, record, start, start + len(word))
    if at is None:
        return
    if state.user:
        text = "Bytes of the process's program, not of the kernel, around its PC."
    elif state.code.mark is not None:
        text = "The bytes of the code around the PC, which points to the one in brackets."
    else:
        text = "The bytes of the code around the PC; which of them it points to is not marked."
    if process.machine_of(log, state, arch) not in listing.MACHINES:
        text += f" They stand here as printed: no decoder for {arch.name} is at hand."
    yield Explanation(at, text)


def _fault_words(
    log: CrashLog,
    report: Report,
    state: State | None,
    why: fault.Fault | None,
    records: Sequence[Record],
    *,
    access: Access,
    inside: str,
    arch: Arch,
) -> Iterator[Explanation]:
    """The address of the fault, where it is first printed."""
    address = report.fault_address
    if address is None and report.kind == "stack-overflow":
        address = _guard(records)
    if address is None:
        found = _refusal(report, records) if why else None
        text = why.text if why else ""
    else:
        found = find_number(records, address)
        text = why.text if why else marks.fault_text(report, address, state, records, access, arch)
    if inside:
        text = f"{text} The PC is {inside}.".lstrip()
    if found is None or not text or (at := span_of(log, *found)) is None:
        return
    for register in state.registers if state is not None else ():
        if register.at.line == at.line and register.at.column <= at.column < register.at.end:
            yield Explanation(register.at, text, "the address that faulted", "misleading")
            return
    yield Explanation(at, text, weight="misleading")


_HIT = Lazy(r"stack guard page was hit at (?P<address>[0-9a-f]{8,16})\b")


def _guard(records: Sequence[Record]) -> int | None:
    """The address below the stack that was touched, where the headline prints it."""
    found = next((one for record in records if (one := _HIT.search(record.text))), None)
    return int(found["address"], 16) if found else None


_REFUSALS = ("protection fault", "stack segment")


def _refusal(report: Report, records: Sequence[Record]) -> tuple[Record, int, int] | None:
    """Where the headline says that the CPU refused something, if it does."""
    record = find_record(records, report.headline)
    for words in _REFUSALS if record else ():
        if record and (start := record.text.find(words)) >= 0:
            # The first word of the headline says what sort of crash it is.
            return record, record.text.index(" ", start) + 1, start + len(words)
    return None
