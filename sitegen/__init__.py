"""A static site generator for kernel-crash writeups."""

__version__ = "0.1.0"
