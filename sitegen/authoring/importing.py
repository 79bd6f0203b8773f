"""An export of syzbot's, or mails -> a case: the stages of `sitegen import` put together."""

from pathlib import Path

from msgspec.structs import replace

from sitegen import codes
from sitegen.authoring.adding import plan_additions
from sitegen.authoring.draft import Draft, Part, todo
from sitegen.authoring.facts import Facts
from sitegen.authoring.grouping import read_found
from sitegen.authoring.imported import Imported
from sitegen.authoring.known import Wiki
from sitegen.authoring.mail import LARGEST, is_mail, read_mails, read_thread
from sitegen.authoring.make import Finish
from sitegen.authoring.new import Wanted, complain_known, place_case
from sitegen.authoring.plan import Plan, plan_case
from sitegen.authoring.sections import skeleton
from sitegen.authoring.sources import Found, Refused, read_log
from sitegen.authoring.syzbot import is_export, read_export
from sitegen.authoring.titles import readable_title
from sitegen.diagnostics import Place, Sink
from sitegen.project import Project
from sitegen.web.content import FrontMatter


def read_import(found: Found, sink: Sink) -> Imported | None:
    """What a file tells of a bug; None, with a complaint, when it is of no sort that is known."""
    data = found.data
    told: Imported | Refused
    if is_export(data):
        told = read_export(data, found.name, sink)
    elif is_mail(data):
        mails = read_mails(data)
        if any(mail.cut for mail in mails):
            message = f"'{found.name}': the end of a mail larger than {LARGEST >> 20} MiB left out"
            sink.add(codes.G017, message)
        told = read_thread(mails, found.name)
    else:
        told = Refused(
            "neither a bug of a syzbot dashboard as JSON nor a mail",
            "a plain log is for sitegen new",
        )
    if isinstance(told, Refused):
        sink.add(codes.G018, f"'{found.name}': {told.message}", hint=told.hint)
        return None
    return told


def with_log(told: Imported, path: Path, sink: Sink) -> Imported | None:
    """The same with the log in a file, which is what an export lacks; None when it cannot be read."""
    found = read_log(path)
    if isinstance(found, Refused):
        sink.add(codes.G016, f"'{path}': {found.message}", hint=found.hint)
        return None
    return told._replace(log=found)


def plan_import(project: Project, told: Imported, wanted: Wanted, sink: Sink) -> Plan | None:
    """The case to be made; None, with a complaint, when it cannot be."""
    day = wanted.day or told.day
    title = wanted.title or readable_title(told.title)
    wiki = None if wanted.slug else Wiki(project, None)
    if wiki and _has_bug(wiki, project, told, sink):
        return None
    if told.log is None:
        empty = Plan(wanted.slug, title or "Kernel crash", day=day, kernel=wanted.kernel)
        return place_case(empty, project, (), sink)
    seen = read_found(told.log)
    if seen is None:
        hint = "give the report that belongs to this bug"
        sink.add(codes.G016, f"'{told.log.name}': no crash report in it", hint=hint)
        return None
    holder = wiki.find_log(told.log.data) if wiki else None
    if holder is not None:
        complain_known(told.log.name, holder.file, sink)
        return None
    planned = plan_case(
        [seen],
        slug=wanted.slug,
        title=title,
        day=wanted.day or seen.day or day,
        kernel=wanted.kernel,
    )
    return place_case(planned, project, (), sink)


def _has_bug(wiki: Wiki, project: Project, told: Imported, sink: Sink) -> bool:
    """Whether the wiki has a case of the bug; complains of it, and says where the log goes."""
    case = wiki.find_bug(FrontMatter(fixes=told.fixes, snapshot=told.snapshot))
    if case is None:
        return False
    hint = "give --slug to make another case of it"
    seen = read_found(told.log) if told.log else None
    if seen and told.log and wiki.find_log(told.log.data) is None:
        (addition,) = plan_additions(project, case, [seen])
        hint = (
            f"add the log to it: copy '{told.log.name}' beside it as '{addition.log.file}', and write a line "
            f"```{{panic}}, a line :file: {addition.log.file}, and a line of three backticks"
        )
    sink.add(
        codes.G015, "the wiki has this bug of syzbot's already", at=Place(case.file), hint=hint
    )
    return True


def finish_import(told: Imported) -> Finish:
    """What puts the told into the draft of the case."""

    def finish(draft: Draft, facts: Facts) -> Draft:
        front = replace(
            draft.front,
            status=told.status,
            repro=told.repro,
            reported=told.reported,
            fixes=told.fixes,
            occurrences=told.occurrences,
            snapshot=told.snapshot,
        )
        parts = draft.parts or skeleton(facts)
        said = _said(told)
        kept = tuple(
            Part(part.heading, f"{said[part.heading]}\n\n{part.text}")
            if said.get(part.heading)
            else part
            for part in parts
        )
        above = [draft.lead or _without_log(told), told.notes]
        return draft._replace(front=front, lead="\n\n".join(filter(None, above)), parts=kept)

    return finish


def _said(told: Imported) -> dict[str, str]:
    """By heading: what is known already, to stand above what is asked for."""
    rows = [f"| {row.day} | {row.text} |" for row in told.timeline]
    return {
        "How to reproduce": told.reproduce,
        "Fix": told.fix,
        "Regression range": told.range,
        "Timeline": "\n".join(["| when | what |", "|---|---|", *rows]) if rows else "",
    }


def _without_log(told: Imported) -> str:
    """What stands in the place of a log that is not here: where to get it."""
    where = f" It is at <{told.log_link}>." if told.log_link else ""
    ask = (
        f"the log is not part of the export.{where} Save it beside this case, and name it in a block: "
        "a line ```` ```{panic} ````, a line `:file: report.log`, and a line of three backticks."
    )
    return "\n\n".join(
        [todo(ask), todo("say who was hit, how many machines, and what their users saw.")]
    )
