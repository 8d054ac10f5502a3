"""`import saliscope`: the public face for scripts and notebooks; everything is in `core.api`.

It is loaded with the first name that is used, so that `python -m saliscope` loads nothing it does not need.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.api import *  # noqa: F403 - the names are those of `core.api`


def __getattr__(name: str) -> Any:
    from core import api

    try:
        return getattr(api, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
