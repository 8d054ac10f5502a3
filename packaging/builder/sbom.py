"""The list of all software and models in a package (SBOM), as a CycloneDX 1.6 document in JSON.

https://cyclonedx.org/docs/1.6/json/
"""

import hashlib
import json
import platform
import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from builder.shared_libraries import SharedLibrary
from core.licences import MODELS, collected, normalised
from core.models.bundle import WEIGHTS_NAME
from core.models.card import Card
from core.version import program_version

SPDX_OPERATOR = re.compile(r"\s(AND|OR|WITH)\s")


def write_sbom(
    file: Path,
    lock: Path,
    extras: Sequence[str] = ("cpu",),
    epoch: int = 0,
    models: Path = MODELS,
    libraries: Sequence[SharedLibrary] = (),
) -> None:
    """Write the document for the packages that are installed here.

    lock: with the hashes of their archives. epoch: the time it states, in seconds since 1970. models: the
    folder of the models in the package. libraries: in it that come from the build system.
    """
    document = sbom(lock, extras, epoch, models, libraries)
    file.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def sbom(
    lock: Path,
    extras: Sequence[str] = ("cpu",),
    epoch: int = 0,
    models: Path = MODELS,
    libraries: Sequence[SharedLibrary] = (),
) -> dict[str, Any]:
    """The document. The same environment, lock and time give the same one to the byte."""
    hashes = locked_hashes(lock.read_text(encoding="utf-8"))
    components = []
    for part in collected(extras, models):
        entry = part.entry
        if entry.kind == "package":
            components.append(_package(entry.name, entry.version, entry.licence, hashes))
        elif entry.kind == "model":
            components.append(_model(models / entry.name))
        elif entry.kind == "language":
            components.append(_component("platform", entry.name, platform.python_version(), entry.licence))
        elif entry.kind in ("font", "sample"):
            components.append(_component("data", entry.name, "", entry.licence))
    components += map(_library, libraries)
    program = _component("application", "saliscope", program_version(), "Apache-2.0")
    digest = hashlib.sha256(json.dumps([program, *components], sort_keys=True).encode()).hexdigest()
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).isoformat(),
            "component": program,
            "properties": [{"name": "saliscope:lock-sha256", "value": _hash(lock)}],
        },
        "components": components,
        "dependencies": [{"ref": program["bom-ref"], "dependsOn": [each["bom-ref"] for each in components]}],
    }


def locked_hashes(text: str) -> dict[tuple[str, str], list[str]]:
    """The SHA-256 of the archives of each package of a lock file, by its name and version."""
    hashes: dict[tuple[str, str], list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        pinned = re.match(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", line)
        if pinned:
            current = hashes.setdefault((normalised(pinned[1]), pinned[2]), [])
        current += re.findall(r"--hash=sha256:([0-9a-f]{64})", line)
    return hashes


def _package(
    name: str, version: str, licence: str, hashes: dict[tuple[str, str], list[str]]
) -> dict[str, Any]:
    key = normalised(name)
    component = _component("library", name, version, licence, f"pkg:pypi/{key}@{version}")
    archives = sorted(set(hashes.get((key, version), ())))
    if archives:
        # Of the archives for every system, of which one was installed.
        component["externalReferences"] = [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{key}/{version}/",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in archives],
            }
        ]
    return component


def _library(library: SharedLibrary) -> dict[str, Any]:
    purl = f"pkg:deb/debian/{library.package}@{library.version}" if library.package else ""
    component = _component("library", library.name, library.version, library.licence, purl)
    component["bom-ref"] = f"shared:{library.file or library.name}"
    if library.sha256:
        component["hashes"] = [{"alg": "SHA-256", "content": library.sha256}]
        component["properties"] = [{"name": "saliscope:file", "value": library.file}]
    return component


def _model(folder: Path) -> dict[str, Any]:
    card = Card.model_validate_json((folder / "model.json").read_text(encoding="utf-8"))
    component = _component("machine-learning-model", folder.name, card.version, card.licence)
    component["hashes"] = [{"alg": "SHA-256", "content": _hash(folder / WEIGHTS_NAME)}]
    component["copyright"] = card.attribution
    return component


def _component(kind: str, name: str, version: str, licence: str, purl: str = "") -> dict[str, Any]:
    component: dict[str, Any] = {"type": kind, "bom-ref": purl or f"{kind}:{name}", "name": name}
    if version:
        component["version"] = version
    component["licenses"] = _licences(licence)
    if purl:
        component["purl"] = purl
    return component


def _licences(licence: str) -> list[dict[str, Any]]:
    if SPDX_OPERATOR.search(licence):
        return [{"expression": licence}]
    return [{"license": {"name": licence}}]


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
