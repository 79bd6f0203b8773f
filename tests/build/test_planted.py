"""A secret in every place where an author or a log can put one: none is in the site, in any form."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project

KERNEL = Path(__file__).parents[2] / "content" / "_kernel"
SECRET = re.compile(r"zq[\W_]?[a-z]+[\W_]?7", re.IGNORECASE)
"""Each place has one of its own: `zq_title_7` in the title."""
CONFIG = f"""\
title = "Crashes of zq_site_7"
description = "Of zq_description_7"
base-url = "https://crashes.example/"

[redact]
pointers = true
[[redact.rules]]
pattern = 'zq_[a-z]+_7'
as = "tag"

[[kernels]]
browse = "https://zq_browse_7.example/{{file}}#L{{line}}"
release = "6.1.0-sitegen"
vmlinux = "{KERNEL}/vmlinux"
source = "{KERNEL}/src"
"""
CASE = """\
---
title: Oops of zq_title_7
date: 2026-11-01
trigger: cat zq_trigger_7
repro: zq_repro_7
tags: [zq_tag_7]
authors: [zq_author_7]
aliases: [cases/zq_alias_7/]
layers: {drivers/misc/: zq_layer_7}
fixes:
  reported-by: [zq_reporter_7]
  links: ["https://zq_fix_7.example/"]
occurrences: seen.csv
snapshot: {source: zq_snapshot_7, date: 2026-11-02, link: "https://zq_dashboard_7.example/"}
---

The zq_prose_7, *zq_emphasis_7*, `zq_code_7`, [a zq_link_7](https://zq_href_7.example/?q=zq_query_7).

## About zq_heading_7

| zq_column_7 | b |
|---|---|
| zq_cell_7 | c |

![zq_alt_7](a.svg "zq_tip_7") and [the log as it is](raw.log), [more](notes.txt), [data](data.json).

A note[^zq_note_7].

[^zq_note_7]: Of zq_footnote_7.

```c
zq_fence_7();
```

```{panic}
:file: null.log
:id: zq_id_7
```

```{chain}
```

```panic
zq_embedded_7 kernel: BUG: kernel NULL pointer dereference, address: 0000000000000008
CPU: 0 PID: 7 Comm: zq_comm_7 Tainted: G        W
Hardware name: zq_hardware_7, BIOS 1
RIP: 0010:zq_pc_7+0x12/0x40 [zq_module_7]
Call Trace:
 zq_frame_7+0x10/0x20 [zq_module_7]
 vfs_write+0x10/0x20
Modules linked in: zq_module_7 zq_loaded_7
```
"""
FILES = {
    "content/index.md": "---\nauthors: [zq_homeauthor_7]\n---\n# Home of zq_home_7\n\nSee zq_homeprose_7.\n",
    "content/about.md": "---\naliases: [old/zq_pagealias_7.html]\ntags: [zq_pagetag_7]\n---\n# Of zq_page_7\n",
    "content/draft.md": "---\ndraft: true\ntags: [zq_drafttag_7]\n---\n# zq_draft_7\n",
    "content/cases/oops/index.md": CASE,
    "content/cases/oops/raw.log": "[    1.000000] zq_raw_7: at ffff888103a26018\n",
    "content/cases/oops/notes.txt": "zq_notes_7\n",
    "content/cases/oops/data.json": '{"a": "zq_data_7"}\n',
    "content/cases/oops/seen.csv": "date,host,link\n2026-11-01,zq_host_7,https://zq_seen_7.example/\n",
    "content/cases/oops/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'><title>zq_svg_7</title></svg>\n",
    "content/cases/other.md": "# Another of zq_other_7\n\n[One](oops/index.md) of zq_otherprose_7.\n\n```panic\n"
    "BUG: kernel NULL pointer dereference, address: 0000000000000008\nRIP: 0010:zq_pc_7+0x12/0x40\n"
    "Call Trace:\n zq_frame_7+0x10/0x20\n vfs_write+0x10/0x20\n```\n",
}


UNSEEN = {"zq_note_7", "zq_homeauthor_7", "zq_pagetag_7"}
"""What is read and shown nowhere: a footnote's name, and what pages that are no cases have."""
KINDS = (
    *("404.html", "cases.json", "feed.xml", "sitemap.xml", ".manifest.json", "index.html"),
    *("match/match-data.js", "search/manifest.js", "search/names/0.js", "search/records/0.js"),
    *("cases/oops/index.html", "cases/oops/oops.json", "cases/oops/oops.txt"),
    *("cases/oops/oops.panic-2.log", "cases/oops/raw.log", "cases/oops/notes.txt"),
    *("cases/oops/data.json", "cases/oops/a.svg", "kernels/6.1.0-sitegen/index.html"),
    *("files/drivers/misc/lamp.c/index.html", "functions/vfs_write/index.html"),
)
"""Files of every sort that a site has."""


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name, text in {"sitegen.toml": CONFIG, **FILES}.items():
        path = tmp_path / "wiki" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    log = (KERNEL / "logs/null.log").read_text()
    beside = tmp_path / "wiki/content/cases/oops/null.log"
    beside.write_text(f"[    0.000000] zq_beside_7: here\n{log}")
    return tmp_path / "wiki"


def planted() -> set[str]:
    """The secrets of all that is published."""
    texts = [text for name, text in FILES.items() if "draft" not in name]
    return {"zq_beside_7", *re.findall(r"zq_[a-z]+_7", "".join([CONFIG, *texts]))}


def test_of_one_secret_a_place_none_is_published(wiki):
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None

    outcome = build(project, Options(jobs=1), sink)

    assert outcome is not None
    assert outcome.published is not None, [as_text(one) for one in sink]
    site = {
        path.relative_to(wiki / "site").as_posix(): path.read_bytes()
        for path in sorted((wiki / "site").rglob("*"))
        if path.is_file()
    }
    for name, data in site.items():
        text = f"{name}\n{data.decode('utf-8', 'replace')}"
        assert [SECRET.findall(one) for one in (text, unquote(text))] == [[], []], name
        assert b"ffff888103a2" not in data, name

    assert set(KINDS) <= set(site)
    # Each was met where it stands, and what stands for it is shown.
    values = json.loads((wiki / "redactions.json").read_text())["values"]
    everything = "\n".join([*site, *(data.decode("utf-8", "replace") for data in site.values())])
    shown = {value for value, name in values.items() if re.search(rf"\b{name}\b", everything)}
    assert planted() - shown == UNSEEN
    assert values.keys() >= UNSEEN
