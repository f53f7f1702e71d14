"""The whole pipeline beside others that do the same or less, and beside the limit.

Here belongs what runs them, measures them, compares their results and writes docs/benchmarks.md.
What they do themselves is in `ours/` and `peers/`, a process of its own for each.
"""
