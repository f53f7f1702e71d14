"""Behaviours of the project, room by room, with real parts."""
