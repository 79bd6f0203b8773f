"""GitLab: a Code Quality report, which merge requests show beside the lines."""

import json

from sitegen.reporters.values import Report, iter_fingerprints, path_of, whole_message

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def as_gitlab(report: Report) -> str:
    """A list of issues, each with a fingerprint that no other has; those outside of the repository left out."""
    issues = [
        {
            "description": whole_message(one).replace("\n", "; "),
            "check_name": one.code.id,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[one.severity],
            "location": {
                "path": path,
                "lines": {"begin": max(1, one.at.line if one.at else 1)},
            },
        }
        for one, fingerprint in iter_fingerprints(report)
        if (path := path_of(one, report))
    ]
    return json.dumps(issues, indent=1) + "\n"
