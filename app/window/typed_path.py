"""The file that a person names by typing."""

from pathlib import Path


def typed_path(text: str, suffix: str) -> Path | None:
    """The absolute path with this ending, which is added where it is missing; None if no file can have it."""
    text = text.strip()
    try:
        path = Path(text).expanduser().absolute()
    except RuntimeError:  # `~name` of nobody
        return None
    if not text or "\0" in text or path.name in ("", "..", suffix):
        return None
    return path if path.name.endswith(suffix) else path.with_name(path.name + suffix)
