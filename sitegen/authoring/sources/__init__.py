"""Where logs come from: files, standard input, folders of dumps, this machine."""

from sitegen.authoring.sources.files import read_log, read_stream
from sitegen.authoring.sources.folder import Folder
from sitegen.authoring.sources.machine import read_machine
from sitegen.authoring.sources.values import Found, Refused

__all__ = ["Folder", "Found", "Refused", "read_log", "read_machine", "read_stream"]
