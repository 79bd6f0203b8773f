"""Cases and Markdown in, files out. A kernel is only data here."""
