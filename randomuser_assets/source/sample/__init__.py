"""The built-in stand-in for the API: a real HTTP server with people of its own, no network needed.

Here belongs all of it: its vocabulary, how it makes people of a seed, how it reads a request, the
server. It imports nothing of the rest of the project, so that it cannot agree with a fault of
ours. Not here: anything that reads people, from this source or another.
"""

from randomuser_assets.source.sample.server import SampleApi

__all__ = ["SampleApi"]
