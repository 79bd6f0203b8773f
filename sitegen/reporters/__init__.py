"""Diagnostics -> what editors, scripts and code hosts read. Functions from values to text.

Nothing is printed here and nothing but the names of folders is asked of the disk.
"""

from collections.abc import Callable, Mapping

from sitegen.reporters.github import as_github, step_summary
from sitegen.reporters.gitlab import as_gitlab
from sitegen.reporters.plain import as_json, sum_up
from sitegen.reporters.sarif import as_sarif
from sitegen.reporters.values import Report, in_order, repository_prefix

__all__ = [
    "FORMATS",
    "Report",
    "in_order",
    "repository_prefix",
    "step_summary",
    "sum_up",
]

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "json": as_json,
    "github": as_github,
    "gitlab": as_gitlab,
    "sarif": as_sarif,
}
"""Every form for machines. Each gives whole lines, the last one ended."""
