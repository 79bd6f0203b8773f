"""Runs every check in order of cheapness and stops at the first that fails.

`python -m tests` runs all; `python -m tests PYTEST-ARGUMENTS` runs pytest alone with them.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable

CHECKS = (
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
    ("lint", [PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    ("types", [PYTHON, "-m", "mypy", "--no-error-summary"]),
    ("tests", [PYTHON, "-m", "pytest", "-q"]),
)


def main() -> int:
    checks = CHECKS
    if sys.argv[1:]:
        checks = (("tests", [PYTHON, "-m", "pytest", *sys.argv[1:]]),)
    for name, command in checks:
        print(f"== {name}", flush=True)
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            print(f"== {name} failed", file=sys.stderr)
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
