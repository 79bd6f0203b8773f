"""Logs from everywhere -> cases, one a crash: the stages of `sitegen new` put together."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import NamedTuple

from sitegen import codes
from sitegen.authoring.adding import Addition, plan_additions
from sitegen.authoring.cut import LONG
from sitegen.authoring.grouping import Seen, by_crash, in_order, once, read_found
from sitegen.authoring.known import Wiki, split
from sitegen.authoring.make import Finish, Made, make_case
from sitegen.authoring.places import complain_taken, free_file, free_slug, taken_by
from sitegen.authoring.plan import Plan, plan_case, title_of
from sitegen.authoring.sources import Found
from sitegen.authoring.titles import is_slug
from sitegen.build.kernels import Kernels
from sitegen.build.known import known_cases
from sitegen.build.naming import namer
from sitegen.diagnostics import Place, Sink
from sitegen.project import Project
from sitegen.store import default_folder
from sitegen.web.content import read_day
from sitegen.wording import counted, named

_MOST_TOLD = 10
"twins that are told one by one"
NEAR = 40
"lines of this machine's log that are kept above a report"


class Wanted(NamedTuple):
    """What the author says of the cases to be made. Empty where the logs are to say it."""

    slug: str = ""
    title: str = ""
    kernel: str = ""
    day: str = ""
    together: bool = False

    def problem(self) -> str:
        """What is wrong with it; empty when nothing is."""
        if self.slug and not is_slug(self.slug):
            return f"'{self.slug[:80]}' is no name for a case: use letters, digits and dashes"
        if self.day and read_day(self.day) is None:
            return f"'{self.day[:80]}' is no date: write it as YYYY-MM-DD"
        return ""


_NO_CRASH = (
    "give the part that begins with the crash's first line; `sitegen parse` shows what is read"
)
_NOT_SINCE_BOOT = "look at what ran before: journalctl -k -b -1 | sitegen new -"


class Planned(NamedTuple):
    """What is to be done with logs."""

    cases: tuple[Plan, ...] = ()
    "to be made"
    additions: tuple[Addition, ...] = ()
    "logs of known crashes that their cases lack"
    known: int = 0
    "logs that the wiki has"


def plan(
    project: Project,
    found: Sequence[Found],
    wanted: Wanted,
    sink: Sink,
    *,
    near: bool = False,
    sweep: bool = False,
    cache: bool = True,
) -> Planned | str:
    """What is to be done with logs; or why the author's wishes cannot be met.

    With `near` a log is cut to its reports whatever its length. That one log is in the wiki already
    is a complaint, but for a `sweep`: what a folder held, known or not. A crash that the wiki has a case
    of gets none, unless the author names one.
    """
    read: list[Seen] = []
    for one in found:
        seen = read_found(one)
        if seen is None:
            hint = _NOT_SINCE_BOOT if near else _NO_CRASH
            sink.add(codes.G016, f"'{one.name}': no crash report in it", hint=hint)
        else:
            read.append(seen)
    logs, twins = once(read)
    for twin, kept in twins[:_MOST_TOLD]:
        message = f"'{twin.found.name}' is of the same moment as '{kept.found.name}', and left out"
        sink.add(codes.G019, message)
    if more := [twin.found.name for twin, _ in twins[_MOST_TOLD:]]:
        sink.add(codes.G019, f"of the same moment as others are {named(more)}, too")
    if not logs:
        return Planned()
    groups = (logs,) if wanted.together else by_crash(logs)
    groups = _led_by_decoded(groups, project, wanted.kernel)
    if len(groups) > 1 and (wanted.slug or wanted.title):
        titles = ", ".join(f"'{title_of(group[0])}'" for group in groups[:4])
        return (
            f"--slug and --title are for one case, and there are {len(groups)} crashes ({titles});"
            " with --together they become one"
        )
    longest = NEAR if near else LONG
    wiki = Wiki(project, default_folder() if cache else None)
    plans: list[Plan] = []
    additions: list[Addition] = []
    known: list[Seen] = []
    for group in groups:
        case = None if wanted.slug else wiki.find_case(group, held=bool(wanted.title))
        if case is not None:
            old, new = split(group, case)
            known += old
            if old and len(found) == 1 and not sweep:
                complain_known(old[0].found.name, case.file, sink)
                return Planned()
            additions += plan_additions(project, case, new, kernel=wanted.kernel, longest=longest)
            continue
        planned = plan_case(
            group,
            slug=wanted.slug,
            title=wanted.title,
            day=wanted.day,
            kernel=wanted.kernel,
            longest=longest,
        )
        placed = place_case(planned, project, [one.slug for one in plans], sink)
        if placed:
            plans.append(placed)
    if known:
        names = [one.found.name for one in known]
        sink.add(codes.G019, f"{counted(len(known), 'log')} known already: {named(names)}")
    return Planned(tuple(plans), tuple(additions), len(known))


def _led_by_decoded(
    groups: Sequence[Sequence[Seen]], project: Project, kernel: str
) -> tuple[tuple[Seen, ...], ...]:
    """Each crash with those logs first whose kernel is at hand."""
    with ExitStack() as stack:
        kernels = Kernels(project, None, stack, Sink())

        def is_decoded(one: Seen) -> bool:
            return kernels.whereabouts(kernel or one.log.release) == "here"

        return tuple(in_order(group, is_decoded) for group in groups)


def place_case(planned: Plan, project: Project, taken: Sequence[str], sink: Sink) -> Plan | None:
    """The plan with names for its files, which hold nothing redacted; None, with a complaint, without one."""
    public = namer(project, [one.text for one in planned.logs])
    files = set[str]()
    logs = [one._replace(file=free_file(public(one.file), files)) for one in planned.logs]
    planned = planned._replace(logs=tuple(logs))
    slug = planned.slug or free_slug(project, public(planned.title), taken)
    there = taken_by(project, planned.slug) if planned.slug else ""
    if there or not slug:
        complain_taken(there or planned.title, sink)
        return None
    return planned._replace(slug=slug)


def complain_known(name: str, case: str, sink: Sink) -> None:
    """Says that the log `name` is in `case`."""
    hint = "give --slug to make another case of it"
    sink.add(codes.G015, f"'{name}' is in the wiki already", at=Place(case), hint=hint)


def make(
    project: Project,
    plans: Sequence[Plan],
    sink: Sink,
    *,
    cache: bool = True,
    finish: Finish | None = None,
) -> list[tuple[Plan, Made]]:
    """Makes the cases. Each is compared with those that were there before."""
    folder = default_folder() if cache else None
    known = known_cases(project, folder) if plans and project.content.is_dir() else ()
    made = []
    for one in plans:
        case = make_case(one, project, known, sink, cache=folder, finish=finish)
        if case is not None:
            made.append((one, case))
    return made
