"""Whole servers under load, each in a process of its own, side by side in one run: what is promised is a ratio."""
