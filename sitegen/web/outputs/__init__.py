"""One module a format: Site -> (path, bytes)."""
