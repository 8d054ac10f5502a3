"""`manifest.json` of the installed program: version, commit, and the SHA-256 of every file."""

import hashlib
import json
from pathlib import Path

NAME = "manifest.json"
SCHEMA = "saliscope/manifest/1"


def file_hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every regular file in the folder by its path in it; links are left out."""
    return {
        path.relative_to(folder).as_posix(): _hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def write_manifest(folder: Path, version: str, commit: str, left_out_models: list[str]) -> Path:
    """Write the manifest of a finished program folder into it; returns its path."""
    path = folder / NAME
    path.unlink(missing_ok=True)
    document = {
        "schema": SCHEMA,
        "version": version,
        "commit": commit,
        "models_left_out": left_out_models,
        "files": file_hashes(folder),
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
