"""What a person may send with a report of a fault: logs, versions, settings, policy, the last certificate.

All of it is text, made to be read before it is sent; it holds no path and names nobody.
"""

import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from core.folders import log_folder, settings_folder
from core.output import written
from core.policy import policy
from core.results.versions import versions_now

CERTIFICATE_NAME = "certificate.json"
# Of each log the newest part.
MOST_LOG_BYTES = 200_000
# The settings that are words of the program. Other texts may name a person or a folder.
_SETTINGS_OF_WORDS = ("scheme", "colour_map", "device", "keys")
_README = (
    "This is all that the report holds. It names no patient, no file and no folder. Nothing is sent by the "
    "program: whoever saved this file decides what becomes of it.\n"
)


def bundle_texts() -> dict[str, str]:
    """The files of a report by their names, as they are now."""
    texts = {"README.txt": _README, "versions.json": versions_now().model_dump_json(indent=2) + "\n"}
    texts["policy.txt"] = _policy_text()
    texts["settings.json"] = _settings_text()
    for path in sorted(log_folder().glob("*.log*")):
        with suppress(OSError), path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - MOST_LOG_BYTES))
            texts[f"logs/{path.name}"] = file.read().decode("utf-8", "replace")
    with suppress(OSError):
        certificate = (log_folder() / CERTIFICATE_NAME).read_text(encoding="utf-8", errors="replace")
        texts[CERTIFICATE_NAME] = certificate
    return texts


def readable(texts: Mapping[str, str]) -> str:
    """All files one after another, each after its name."""
    return "\n".join(f"===== {name} =====\n{text}" for name, text in texts.items())


def write_bundle(path: Path, texts: Mapping[str, str]) -> None:
    """Write the files as a ZIP archive. Raises DiskFull."""
    with written(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)


def _policy_text() -> str:
    """The rules, without the folder that one may name."""
    lines = [policy().problem] if policy().problem else []
    for rule in policy().rules:
        words = {True: "on", False: "off", "": "none"}.get(rule.value, rule.value)
        value = "a folder" if rule.key == "model_folder" and rule.value else words
        lines.append(f"{rule.key}: {value} ({rule.origin})")
    return "\n".join(lines) + "\n"


def _settings_text() -> str:
    try:
        settings = json.loads((settings_folder() / "settings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "{}\n"
    if not isinstance(settings, dict):
        return "{}\n"
    kept = {
        name: value
        for name, value in settings.items()
        if name in _SETTINGS_OF_WORDS or isinstance(value, bool | int | float)
    }
    return json.dumps(kept, indent=2, ensure_ascii=False) + "\n"
