"""What is needed of the settings where none is read: imports nothing, as readers of pages start."""

MAX_PAGE_SIZE, MAX_PAGES = 5000, 10_000  # what the API answers; beyond, it silently does otherwise


class SettingsError(ValueError):
    """A setting is unknown, malformed or missing."""
