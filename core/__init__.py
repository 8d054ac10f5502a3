"""Everything of Saliscope that needs no window."""

import os

# pydantic would look for plug-ins in every installed package, which takes a twentieth of the window's start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
