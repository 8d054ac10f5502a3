"""`saliscope self-test`: checks the installation, from window to curve, or everything."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import click
from pydantic import BaseModel

from app.command_line.options import device_options, out_option, output_options
from app.command_line.output import Output
from core.models.device import DEVICE_VARIABLE


def _document() -> type[BaseModel]:
    from app.window.self_test import SelfTestResult

    return SelfTestResult


@click.command("self-test")
@click.option("--full", "is_full", is_flag=True, help="Try everything, and write a certificate.")
@out_option("Folder of the results.", Path("saliscope-self-test"))
@device_options
@output_options(_document)
def self_test(is_full: bool, out: Path, output: Output) -> int:
    """Check the installation, from window to curve.

    Opens the window off-screen on a sample, explains it, draws its curves and writes screenshot.png and
    self-test.json.

    With --full, which takes some minutes: decodes a file of every transfer syntax, loads every model,
    compares the map of every method with a stored one, saves, replays and exports a case, kills and restarts
    every process, opens the window, and writes certificate.html and certificate.json (of the schema
    saliscope/self-test-certificate/1). They name the machine's hardware, its software and nobody.

    The exit code is 0 if all is well, else 1.

    \b
    Example:
      saliscope self-test --out out
      saliscope self-test --full --out out
    """
    if is_full:
        return _run_full(out, output)
    from app.system_check import require_qt

    require_qt()
    from app.window.self_test import run_self_test

    result = run_self_test(out)
    output.print(f"{'All is well' if result.ok else 'Something failed'}; see {out}.")
    output.document(result)
    return 0 if result.ok else 1


def _run_full(out: Path, output: Output) -> int:
    # The stored maps were made on a CPU.
    os.environ[DEVICE_VARIABLE] = "cpu"
    from app.command_line.window_trial import window_trial
    from core.errors import DiskFull
    from core.folders import log_folder
    from core.output import make_folder, write_document
    from core.report_bundle import CERTIFICATE_NAME
    from core.self_test.certificate import PAGE_NAME, remove_certificate, write_certificate
    from core.self_test.course import run_trials
    from core.self_test.trial import TrialRecord

    def show(record: TrialRecord) -> None:
        word = "passed" if record.has_passed else "FAILED"
        output.print(f"{word}  {record.group}: {record.title}. {record.sentence}")

    work = out / f"work-{os.getpid()}"
    make_folder(work)
    remove_certificate(out)
    try:
        certificate = run_trials(work, [window_trial(work, out)], show)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    write_certificate(out, certificate)
    with suppress(DiskFull):
        # For the report of a fault, which holds the last certificate.
        make_folder(log_folder())
        write_document(log_folder() / CERTIFICATE_NAME, certificate)
    output.print(f"{certificate.headline} See {PAGE_NAME} in {out}.")
    output.document(certificate)
    return 0 if certificate.has_passed else 1
