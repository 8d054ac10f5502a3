"""The course of the full self-test: every trial in turn."""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path

from core.readers.process import ReaderProcess
from core.self_test.certificate import SelfTestCertificateDocument, certificate_of
from core.self_test.decoding import decoding_trials
from core.self_test.exported import ExportedCase
from core.self_test.maps import method_trials
from core.self_test.models import LoadedModels, model_trials
from core.self_test.processes import process_trials
from core.self_test.trial import Trial, TrialRecord, record_of


def run_trials(
    folder: Path, others: Sequence[Trial], on_record: Callable[[TrialRecord], None]
) -> SelfTestCertificateDocument:
    """Run every trial, those of `others` last. folder: for temporary files. on_record: gets each result.

    Raises DiskFull if nothing can be written.
    """
    started, hashes, records = time.monotonic(), dict[str, str](), []
    with closing(_trials(folder, hashes)) as trials:
        for trial in trials:
            records.append(record_of(trial))
            on_record(records[-1])
    for trial in others:
        records.append(record_of(trial))
        on_record(records[-1])
    return certificate_of(records, hashes, time.monotonic() - started)


def _trials(folder: Path, hashes: dict[str, str]) -> Generator[Trial, None, None]:
    models = LoadedModels()
    with ReaderProcess() as reader:
        yield from decoding_trials(reader)
        yield from model_trials(models, hashes)
        yield from method_trials(models, reader)
    yield from ExportedCase(models, folder).trials()
    yield from process_trials()
