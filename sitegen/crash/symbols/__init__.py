"""symbol+offset -> functions, lines and inlining, from ELF images. The door to elftools.

The public names are `Symbolizer` and `ImageError` of `symbolizer.py`, and the values
of `values.py`; nothing is imported here, so that who needs a value pays for no reader.
"""
