"""What starts a wiki and a case: logs, mails and exports -> files that a build reads.

Knows nothing of pages; what a case shows is decided by the build that reads it.
"""
