"""Every page against the tools that judge pages: html-validate for HTML, axe-core for readers."""

import json
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.browser

_STANDARDS = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]


def test_html_validate_finds_nothing_on_any_page(wiki, node_file):
    node = shutil.which("node") or pytest.skip("no node: `.ci/setup test` installs it")
    program = node_file("html-validate/bin/html-validate.mjs")

    done = subprocess.run(
        [node, program, "--preset", "standard", "--formatter", "json", f"{wiki.folder}/**/*.html"],
        capture_output=True,
        text=True,
        check=False,
    )

    found = [
        f"{result['filePath'].removeprefix(f'{wiki.folder}/')}:{one['line']}: {one['message']}"
        for result in json.loads(done.stdout)
        for one in result["messages"]
    ]
    assert found == []
    assert done.returncode == 0, done.stderr


def test_axe_finds_nothing_on_any_kind_of_page(visit, wiki, node_file):
    axe = node_file("axe-core/axe.min.js")
    page = visit(f"{wiki.file}index.html", policy=False)
    found = []
    for path in wiki.pages().values():
        page.goto(wiki.file + path)
        page.add_script_tag(path=axe)
        found += [f"{path}: {problem}" for problem in run_axe(page)]
        # All that another scheme changes are colours, another width sizes.
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 390, "height": 900})
        again = run_axe(page, rules=["color-contrast", "target-size"])
        found += [f"{path}, on a phone, dark: {problem}" for problem in again]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1440, "height": 900})

    assert found == []


def run_axe(page, *, rules=()) -> list[str]:
    """What axe-core has to say about what a page shows now; the page has its script."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": _STANDARDS}
    result = page.evaluate(
        "only => axe.run({ runOnly: only, resultTypes: ['violations'], preload: false })", only
    )
    return [
        f"{one['id']}: {' '.join(node['target'][0] for node in one['nodes'])[:200]}"
        for one in result["violations"]
    ]
