"""Kernels in, evidence out. Knows nothing of websites."""
