"""Logs -> what they are compared by -> the cases they are like, best first. Opens no image.

Knows functions by their names alone, so that decoded logs and undecoded ones can be compared.
"""

from sitegen.crash.similar.fingerprint import fingerprint, fingerprint_of
from sitegen.crash.similar.known import Known, rank
from sitegen.crash.similar.rules import match_rules

__all__ = ["Known", "fingerprint", "fingerprint_of", "match_rules", "rank"]
