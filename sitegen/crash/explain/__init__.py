"""A parsed log -> its words explained. Pure and total: no image, no tree, no doubt dressed as a fact.

Knows what kernels print; where the functions of a log are is for `crash/symbols`.
"""

from sitegen.crash.explain.gather import explain, explain_log

__all__ = ["explain", "explain_log"]
