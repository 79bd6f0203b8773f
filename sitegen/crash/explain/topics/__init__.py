"""Words of reports by topic: tables of what they mean, and readers for those that need more."""

from sitegen.crash.explain.topics.ends import ENDS
from sitegen.crash.explain.topics.faults import FAULTS
from sitegen.crash.explain.topics.locks import LOCKS
from sitegen.crash.explain.topics.machine import MACHINE
from sitegen.crash.explain.topics.mce import MCE
from sitegen.crash.explain.topics.oom import OOM
from sitegen.crash.explain.topics.preempt import PREEMPT
from sitegen.crash.explain.topics.sanitizers import SANITIZERS
from sitegen.crash.explain.topics.shape import SHAPES, Rule, Topic
from sitegen.crash.explain.topics.slab import SLAB
from sitegen.crash.explain.topics.stalls import STALLS
from sitegen.crash.explain.topics.taint import TAINT

__all__ = ["SHAPES", "TOPICS", "Rule", "Topic"]

TOPICS: tuple[Topic, ...] = (
    *(FAULTS, TAINT, PREEMPT, LOCKS, STALLS, SANITIZERS, SLAB, OOM, MCE, MACHINE, ENDS),
)
"""What one explains, those after it leave alone."""
