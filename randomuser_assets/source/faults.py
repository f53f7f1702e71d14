"""What can go wrong with a source, and whether it may pass."""

from functools import partial


class SourceError(Exception):
    """A page could not be had. `lasting` faults would be the same on the next try."""

    def __init__(self, message: str, *, lasting: bool) -> None:
        super().__init__(message)
        self.lasting = lasting

    def __reduce__(self) -> tuple[object, ...]:
        """Come whole from another process."""
        return partial(SourceError, lasting=self.lasting), self.args


class PassingFault(Exception):  # noqa: N818  not an error yet: the page is asked for again
    """One attempt at a page failed in a way that may pass; `wait` is what the server asked for."""

    def __init__(self, what_came: str, wait: float | None = None) -> None:
        super().__init__(what_came)
        self.wait = wait


class LastingFault(Exception):  # noqa: N818  becomes a SourceError that names the request
    """What came is not what was asked for, and would not be on the next try."""
