"""What is to be said of a wiki beyond what its build says. Nothing of the project is written.

A check is a function from what it looks at to diagnostics; `table.py` lists them all.
"""
