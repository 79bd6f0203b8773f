"""A log's text -> the same text decoded: what scripts/decode_stacktrace.sh of the kernel does, right.

Imports nothing of the standard library and not the log parser: starting up is most of what a
cached decode costs.
"""

from sitegen.crash.decode.decoder import Decoder

__all__ = ["Decoder"]
