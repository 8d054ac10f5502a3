"""A replay: a process of the command line computes the saved workspace anew, and says how each result is."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal, Slot

from app.texts import replay as texts
from core.processes import program_command
from core.workspace.document import WorkspaceDocument

# Exit codes of `saliscope replay`.
IDENTICAL, DIFFERENT = 0, 8
# What stands behind the title of each result.
OUTCOMES = (": identical", ": differs", ": not replayed")
ENDING_MS = 2000
# Before each sentence on standard error that is meant for people.
ERROR = "saliscope: error: "


def result_count(document: WorkspaceDocument) -> int:
    """How many results a replay of the workspace compares."""
    return sum(
        bool(case.network_input)
        + 1  # the prediction
        + len(case.maps)
        + sum(len(saved.findings) for saved in case.maps)
        + len(case.curves)
        for case in document.cases
    )


class ReplayState(QObject):
    """lines: what the command line has said so far, a result each among them. total: of the results.

    sentence: where it stands, or how it ended.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, variables: Mapping[str, str] | None = None) -> None:
        """variables: of the environment of the process, beside those of this one."""
        super().__init__(parent)
        self._variables = {"PYTHONUTF8": "1", **(variables or {})}
        self.lines: list[str] = []
        self.total = 0
        self.sentence = ""
        self._pending = b""
        self._is_cancelled = False
        self._process: QProcess | None = None

    @property
    def running(self) -> bool:
        return self._process is not None

    @property
    def count(self) -> int:
        """The results that have been compared."""
        return sum(any(outcome in line for outcome in OUTCOMES) for line in self.lines)

    def start(self, path: Path, total: int) -> None:
        """Compute the workspace in this file anew; nothing while another one is computed."""
        if self.running:
            return
        self.lines, self.total, self.sentence = [], total, texts.STARTING
        self._pending, self._is_cancelled = b"", False
        self._process = process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        for name, value in self._variables.items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._on_output)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        program, *arguments = program_command("replay", str(path))
        process.start(program, arguments)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """End the process; nothing that it does is written anywhere."""
        if self._process is not None:
            self._is_cancelled = True
            self._process.kill()

    def end(self) -> None:
        """The window is closed."""
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.waitForFinished(ENDING_MS)

    @Slot()
    def _on_output(self) -> None:
        if self._process is None:
            return
        self._pending += bytes(self._process.readAllStandardOutput().data())
        *lines, self._pending = self._pending.split(b"\n")
        self.lines += [line.decode("utf-8", "replace").rstrip() for line in lines]
        if self.count:
            self.sentence = texts.compared(self.count, self.total)
        self.changed.emit()

    @Slot(int)
    def _on_finished(self, code: int) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        errors = bytes(process.readAllStandardError().data()).decode("utf-8", "replace")
        process.deleteLater()
        if self._is_cancelled:
            self.sentence = texts.CANCELLED
        elif code == IDENTICAL:
            self.sentence = texts.IDENTICAL
        elif code == DIFFERENT:
            self.sentence = texts.DIFFERENT
        else:
            self.sentence = texts.FAILED
            told = [line for line in errors.splitlines() if line.startswith(ERROR)]
            self.lines += [line.removeprefix(ERROR) for line in told]
        self.changed.emit()

    @Slot(object)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            self._process.deleteLater()
            self._process, self.sentence = None, texts.NOT_STARTED
            self.changed.emit()
