"""What differs between architectures: one `Arch` value each."""
