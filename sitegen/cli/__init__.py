"""The commands: one module a verb, argv in, one call, exit code out."""
