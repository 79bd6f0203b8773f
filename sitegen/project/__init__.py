"""sitegen.toml, or [tool.sitegen] in pyproject.toml -> Project.

Reads the configuration and nothing else; whether an image or a tree is there is
asked by those who use it. Paths are absolute in the value and relative to the
configuration file in the text; `$NAME` stands for an environment variable, so
that one committed file serves machines which keep their kernels elsewhere.
"""

from sitegen.project.base import BASE_URL
from sitegen.project.read import CONFIG_FILES, find_root, folder_url, read_project
from sitegen.project.values import Kernel, Project

__all__ = [
    "BASE_URL",
    "CONFIG_FILES",
    "Kernel",
    "Project",
    "find_root",
    "folder_url",
    "read_project",
]
