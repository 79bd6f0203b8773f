"""Decoded traces -> the chain from the entry to the crash, with proof on every edge."""
