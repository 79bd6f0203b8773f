"""A parsed log -> its words explained. Pure and total: no image, no tree, no doubt dressed as a fact.

Knows what kernels print; where the functions of a log are is for `crash/symbols`.
"""

from sitegen.crash.explain.gather import disassemble, explain, explain_log

__all__ = ["disassemble", "explain", "explain_log"]
