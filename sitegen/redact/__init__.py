"""Rules -> texts without what must not be published.

Knows text and rules: nothing of Markdown, nothing of logs beyond how machines, people and
pointers are written in them. Reads and writes no file. A build without rules imports `rules`
alone.
"""
