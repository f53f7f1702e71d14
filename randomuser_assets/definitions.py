"""The code location that Dagster loads."""

import gc

# All that is loaded stays. To look for garbage in it, again and again while it grows, would take as
# long as all the rest that is not Dagster's own.
was_enabled = gc.isenabled()
gc.disable()
try:
    from randomuser_assets.build import build_definitions

    defs = build_definitions()
finally:
    if was_enabled:
        gc.enable()
