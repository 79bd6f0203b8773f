"""symbol+offset -> functions, lines and inlining, from ELF images. The door to elftools."""
