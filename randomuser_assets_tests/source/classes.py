"""Which leaves of the wire are of which privacy class.

Here belongs what the tests of examples share.
"""

from randomuser_assets.model import MODEL, Leaf, Privacy

CLASSES: dict[str, Privacy] = {
    **{".".join(c.origin.path): c.privacy for c in MODEL.leaves if isinstance(c.origin, Leaf)},
    **{".".join(path): Privacy.SECRET for path in MODEL.dropped},
}
PLAIN = [path for path, privacy in CLASSES.items() if privacy is Privacy.PLAIN]
SECRET = [path for path, privacy in CLASSES.items() if privacy is Privacy.SECRET]
MASKED = [path for path in CLASSES if path not in (*PLAIN, *SECRET)]
