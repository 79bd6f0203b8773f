from pathlib import Path

import msgspec
import pytest

from sitegen.diagnostics import Sink, as_text
from sitegen.project import Project, find_root, read_project
from sitegen.project.base import Table
from sitegen.project.keys import keys_of
from sitegen.project.tables import ConfigTable


def read(folder: Path, text: str, name: str = "sitegen.toml") -> tuple[Project | None, list[str]]:
    (folder / name).write_text(text)
    sink = Sink()
    project = read_project(folder, sink)
    return project, [as_text(diagnostic) for diagnostic in sink]


def test_defaults_stand_for_what_the_file_leaves_out(tmp_path):
    project, problems = read(tmp_path, 'title = "Wiki"')

    assert problems == []
    assert project is not None
    assert (project.title, project.content, project.output) == (
        "Wiki",
        tmp_path / "content",
        tmp_path / "site",
    )


def test_a_table_of_pyproject_is_a_configuration_too(tmp_path):
    project, problems = read(tmp_path, '[tool.sitegen]\ntitle = "Wiki"', "pyproject.toml")

    assert problems == []
    assert project is not None
    assert project.title == "Wiki"


def test_a_pyproject_without_the_table_is_none(tmp_path):
    project, problems = read(tmp_path, "[project]\nname = 'x'", "pyproject.toml")

    assert project is None
    assert problems[0].startswith("sitegen.toml: error[G001]: no sitegen.toml here")


def test_the_root_is_found_from_a_folder_below(tmp_path):
    (tmp_path / "sitegen.toml").write_text("")
    below = tmp_path / "content" / "cases"
    below.mkdir(parents=True)

    assert find_root(below) == tmp_path


def test_an_unknown_key_names_the_nearest_and_its_line(tmp_path):
    project, problems = read(tmp_path, '# a wiki\ntitel = "Wiki"')

    assert "".join(problems) == (
        "sitegen.toml:2:1: error[G003]: unknown key 'titel'\n"
        '    2 | titel = "Wiki"\n'
        "      | ^^^^^\n"
        "  hint: did you mean 'title'?"
    )
    assert project is not None
    assert project.title == "Crash notes"


def test_an_unknown_key_of_the_second_kernel_is_found_there(tmp_path):
    text = '[[kernels]]\nrelease = "6.1"\n[[kernels]]\nrelease = "6.2"\nrelase = "6.3"\n'

    _, problems = read(tmp_path, text)

    assert problems[0].startswith("sitegen.toml:5:1: error[G003]: unknown key 'relase'")


def test_a_value_of_the_wrong_type_is_named_in_words(tmp_path):
    _, problems = read(tmp_path, '[[kernels]]\nrelease = "6.1"\nsnippets = "yes"')

    assert "error[G004]: 'snippets' is text, not true or false" in problems[0]


def test_what_is_not_toml_points_at_the_place(tmp_path):
    project, problems = read(tmp_path, 'title = "Wiki"\ntheme = \n')

    assert project is None
    assert problems[0].startswith("sitegen.toml:2:9: error[G002]: not TOML")


def test_a_base_url_of_another_scheme_is_refused(tmp_path):
    project, problems = read(tmp_path, 'base-url = "javascript:alert(1)"')

    assert "error[G004]: 'base-url'" in problems[0]
    assert project is not None
    assert project.base_url == ""


def test_a_path_under_an_unset_variable_is_elsewhere(tmp_path, monkeypatch):
    monkeypatch.delenv("KERNELS", raising=False)
    project, problems = read(tmp_path, '[[kernels]]\nrelease = "6.1"\nvmlinux = "$KERNELS/vmlinux"')

    assert problems == []
    assert project is not None
    assert project.kernels[0].vmlinux is None
    assert project.kernels[0].elsewhere


def test_a_variable_in_a_path_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("KERNELS", str(tmp_path / "k"))
    project, _ = read(tmp_path, '[[kernels]]\nrelease = "6.1"\nvmlinux = "${KERNELS}/vmlinux"')

    assert project is not None
    assert project.kernels[0].vmlinux == tmp_path / "k" / "vmlinux"


def test_a_kernel_is_found_by_build_id_before_release(tmp_path):
    text = '[[kernels]]\nrelease = "6.1"\n[[kernels]]\nrelease = "6.1"\nbuild-id = "AB12"\n'
    project, _ = read(tmp_path, text)

    assert project is not None
    assert project.find_kernel("6.1", "ab12") is project.kernels[1]
    assert project.find_kernel("6.1", "") is project.kernels[0]
    assert project.find_kernel("6.2", "") is None


def test_an_unknown_key_of_a_pyproject_is_found_in_the_table(tmp_path):
    text = "[project]\ntitel = 'x'\n[tool.sitegen]\ntitel = 'y'\n[tool.sitegen.theme-options]\n"

    _, problems = read(tmp_path, text, "pyproject.toml")

    assert problems[0].startswith("pyproject.toml:4:1: error[G003]: unknown key 'titel'")


def test_a_key_of_a_table_written_on_one_line_points_at_the_table(tmp_path):
    _, problems = read(tmp_path, 'title = "Wiki"\nkernels = [{release = "6.1", relase = "6.2"}]')

    assert problems[0].startswith("sitegen.toml:2:1: error[G003]: unknown key 'relase'")


def test_what_should_be_a_list_of_tables_says_how_it_is_written(tmp_path):
    _, problems = read(tmp_path, "kernels = 3")

    assert "error[G004]: 'kernels' is not a list of tables" in problems[0]
    assert "hint: write each as a [[kernels]] table" in problems[0]


def every_table(table: type[Table]) -> list[type[Table]]:
    inner = [key.inner for key in keys_of(table) if key.inner]
    return [table, *(below for one in inner for below in every_table(one))]


@pytest.mark.parametrize("table", every_table(ConfigTable), ids=lambda table: table.__name__)
def test_every_key_says_what_it_means_and_gives_an_example_that_is_read(table):
    for key in keys_of(table):
        assert key.says.endswith("."), key.name
        assert key.examples or key.inner, key.name
        for example in key.examples:
            assert msgspec.convert({key.name: example}, table)


def test_every_key_of_the_configuration_reaches_the_project():
    names = {name.replace("-", "_") for name in (key.name for key in keys_of(ConfigTable))}

    assert names <= {field.name for field in msgspec.structs.fields(Project)}


def test_codes_are_given_another_severity(tmp_path):
    project, problems = read(tmp_path, '[severity]\nX002 = "error"\nM008 = "ignore"')

    assert problems == []
    assert project is not None
    assert project.severity == {"X002": "error", "M008": "ignore"}


def test_wrong_severities_are_told_one_by_one_and_the_others_count(tmp_path):
    text = '[severity]\nX02 = "error"\nM008 = "silent"\nG007 = "ignore"\nX001 = "error"\nL003 = 3\n'
    project, problems = read(tmp_path, text)

    assert project is not None
    assert project.severity == {"X001": "error"}
    assert [problem.splitlines()[0] for problem in problems] == [
        "sitegen.toml:2:1: error[G023]: no diagnostic has the code 'X02'",
        "sitegen.toml:3:1: error[G004]: 'M008' is no severity",
        "sitegen.toml:4:1: error[G024]: 'G007' stays an error",
        "sitegen.toml:6:1: error[G004]: 'L003' is no severity",
    ]
    assert problems[0].endswith("hint: did you mean 'X002'?")


def test_a_severity_that_is_no_table_is_told(tmp_path):
    project, problems = read(tmp_path, 'severity = "error"')

    assert project is not None
    assert project.severity == {}
    assert problems[0].startswith("sitegen.toml:1:1: error[G004]: 'severity' ")


def test_the_source_of_modules_is_by_the_name_of_the_folder_they_were_built_in(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("UNSET", raising=False)
    project, problems = read(
        tmp_path,
        """[[kernels]]
release = "6.1"
source = "linux"
module-sources = { "dkms/lamp/1.0" = "lamp", bell = "$UNSET/bell" }
""",
    )

    assert problems == []
    assert project is not None
    kernel = project.kernels[0]
    assert kernel.outside() == ("bell", "dkms/lamp/1.0")
    assert kernel.source_folders() == (tmp_path / "linux", tmp_path / "lamp")


@pytest.mark.parametrize(
    "name",
    ["", "/build/lamp", "lamp/", "..", "../lamp", "a/./b", "drivers", "net/lamp", "a b", "a\\\\b"],
)
def test_a_name_that_is_no_folder_or_one_of_the_kernel_is_none_of_a_module(tmp_path, name):
    project, problems = read(
        tmp_path, f"""[[kernels]]\nrelease = "6.1"\nmodule-sources = {{ "{name}" = "lamp" }}\n"""
    )

    assert project is not None
    assert project.kernels[0].module_sources == ()
    assert len(problems) == 1
    assert "error[G004]: 'module-sources' does not have the form it should" in problems[0]
    assert "hint: give a folder for the last name of" in problems[0]
