"""Hostile input, made up for as long as one likes: what holds for any of it.

Here belong the bodies and settings that are made up, the way that they are sent, and what must
hold at its end. `make fuzz` does it for twenty minutes, the tests here for some seconds. What was
found is kept in `found/` and sent again by a test.
"""
