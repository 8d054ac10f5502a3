"""The certificate of the self-test: a JSON document and the same as an HTML page, without identity."""

import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from importlib.metadata import distributions
from itertools import groupby
from pathlib import Path

import psutil
from pydantic import Field

from core.exports.report.html_style import style_sheet
from core.number_text import counted, elapsed
from core.output import write_document, written
from core.results.document import Document
from core.results.versions import Versions, versions_now
from core.self_test.trial import TrialRecord
from core.values import FrozenRecord

DOCUMENT_NAME, PAGE_NAME = "certificate.json", "certificate.html"
SCREENSHOT_NAME = "screenshot.png"
_PASSED, _FAILED = "passed", "FAILED"


class MachineRecord(FrozenRecord):
    """The machine without name, user or network. memory_gb: of 10^9 bytes."""

    system: str
    processor: str
    cores: int
    memory_gb: float


class SelfTestCertificateDocument(Document, name="self-test-certificate"):
    """What `saliscope self-test --full` found."""

    has_passed: bool
    finished: datetime
    seconds: float
    versions: Versions
    machine: MachineRecord
    packages: dict[str, str] = Field(description="the version of every installed Python package by its name")
    weights_sha256: dict[str, str] = Field(description="of each model, as computed now")
    trials: tuple[TrialRecord, ...]

    @property
    def headline(self) -> str:
        """One sentence with the result."""
        failed = sum(not trial.has_passed for trial in self.trials)
        count = counted(len(self.trials), "trial")
        return f"{failed} of {count} failed." if failed else f"All {count} passed."


def certificate_of(
    trials: Iterable[TrialRecord], weights_sha256: dict[str, str], seconds: float
) -> SelfTestCertificateDocument:
    """The certificate of finished trials on this machine, now."""
    trials = tuple(trials)
    return SelfTestCertificateDocument(
        has_passed=bool(trials) and all(trial.has_passed for trial in trials),
        finished=datetime.now(UTC).replace(microsecond=0),
        seconds=round(seconds, 1),
        versions=versions_now(),
        machine=machine_record(),
        packages=installed_packages(),
        weights_sha256=weights_sha256,
        trials=trials,
    )


def write_certificate(folder: Path, certificate: SelfTestCertificateDocument) -> None:
    """Both files, into `folder`. Raises DiskFull."""
    with written(folder / PAGE_NAME) as file:
        file.write(page(certificate).encode("utf-8"))
    write_document(folder / DOCUMENT_NAME, certificate)


def remove_certificate(folder: Path) -> None:
    """Take away both files of an earlier test, which would say that one that did not end had passed."""
    for name in (PAGE_NAME, DOCUMENT_NAME, SCREENSHOT_NAME):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def machine_record() -> MachineRecord:
    """Of this machine."""
    return MachineRecord(
        system=f"{platform.system()} {platform.release()}",
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
    )


def installed_packages() -> dict[str, str]:
    """Versions by name."""
    packages = {each.metadata["Name"]: each.version for each in distributions() if each.metadata["Name"]}
    return dict(sorted(packages.items(), key=lambda item: item[0].lower()))


def page(certificate: SelfTestCertificateDocument) -> str:
    """The certificate as one HTML file, which loads nothing."""
    facts = {
        "Result": certificate.headline,
        "Finished": certificate.finished.strftime("%Y-%m-%d %H:%M UTC"),
        "Duration": elapsed(certificate.seconds),
        "Saliscope": certificate.versions.program,
        "Python": certificate.versions.python,
        "System": f"{certificate.machine.system}, {certificate.versions.machine}",
        "Processor": f"{certificate.machine.processor}, {counted(certificate.machine.cores, 'core')}",
        "Memory": f"{certificate.machine.memory_gb:g} GB",
    }
    parts = [_table("", ("", ""), facts.items())]
    for group, trials in groupby(certificate.trials, lambda trial: trial.group):
        rows = [
            (_PASSED if trial.has_passed else _FAILED, trial.title, trial.sentence, elapsed(trial.seconds))
            for trial in trials
        ]
        parts.append(_table(group, ("Result", "Trial", "What came of it", "Time"), rows))
    parts.append(_table("Weights of models, SHA-256", ("Model", "Hash"), certificate.weights_sha256.items()))
    parts.append(_table("Installed packages", ("Package", "Version"), certificate.packages.items()))
    title = "Saliscope: certificate of the self-test"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style_sheet()}td, th {{ text-align: left; vertical-align: top; padding: 2px 12px 2px 0; }}"
        f"</style></head>\n<body><h1>{title}</h1>\n{''.join(parts)}</body></html>\n"
    )


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    heading = f"<h2>{escape(title)}</h2>\n" if title else ""
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"{heading}<table>{f'<tr>{names}</tr>' if any(head) else ''}\n{lines}</table>\n"


def _processor() -> str:
    """The processor's name; what Python knows of it where the system does not say."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
