"""In what records differ from the declared shape, in short: kind, path and finding of each.

Here belongs what the tests of shapes share.
"""

from collections.abc import Mapping

from randomuser_assets.model import MODEL, Leaf
from randomuser_assets.source.shape import Shape
from randomuser_assets_tests.query.records import written

SHAPE = Shape(MODEL)
WIRE = [".".join(c.origin.path) for c in MODEL.leaves if isinstance(c.origin, Leaf)]
WIRE += [".".join(path) for path in MODEL.dropped]

Found = list[tuple[str, str, str]]


def differences(text: bytes) -> Found:
    """Give the kind, path and finding of each difference, in order."""
    return [(d.kind, d.path, d.found) for d in SHAPE.differences(text) or ()]


def of(changes: Mapping[str, object]) -> Found:
    """Give those of a person with other values at some paths."""
    return differences(written(changes))
