"""`saliscope replay`: every result of a workspace computed anew and compared."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.command_line.model_choice import loaded_model
from app.command_line.options import device_options, model_option, output_options, source_option
from app.command_line.output import Output
from app.failure import error_record, print_error
from core.errors import Cancelled, InputError, MethodError, SaliscopeError
from core.network.run import Run
from core.output import shown_name
from core.workspace.replay_document import ReplayDocument, ReplayedCase

if TYPE_CHECKING:
    from core.models.handle import ModelHandle
    from core.workspace.finding import SourceFinder
    from core.workspace.workspace import CaseData

# Everything was computed anew, and something is not as it was.
RESULTS_DIFFER = 8


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@source_option("A file or folder with the images, where they are not in their old place.")
@model_option("the one that the workspace names")
@device_options
@output_options(lambda: ReplayDocument)
def replay(file: Path, located: Path | None, model_id: str | None, output: Output) -> int:
    """Compute a workspace anew and compare every result.

    FILE is a workspace (.saliscope), as `explain` and `curves` leave it and the window saves it. Each image
    is read again from its file, found by path, in the folder of the workspace, or under --source, and used
    only if its SHA-256 is the same; predictions, maps, findings and curves are computed with their
    parameters, targets and seeds. On the machine and with the versions of then they are the same to the bit.

    The exit code is 0 if everything is identical, 8 if something differs or could not be replayed, 3 if an
    image is missing or its file has changed.

    \b
    Example:
      saliscope replay out/brain_glioma/brain_glioma.saliscope
      saliscope replay case.saliscope --source /archive/study --json
    """
    from core.readers.process import ReaderProcess
    from core.workspace.file import read_workspace
    from core.workspace.finding import SourceFinder

    workspace = read_workspace(file)
    models, cases, exit_codes = _Models(model_id), [], []
    with ReaderProcess() as reader:
        finder = SourceFinder(reader, file.absolute().parent, located)
        for data in workspace.cases:
            case, exit_code = _replayed(data, finder, models, output)
            cases.append(case)
            exit_codes.append(exit_code)
    output.print(_summary(cases))
    document = ReplayDocument(file=shown_name(file.name), cases=tuple(cases), identical=not any(exit_codes))
    output.document(document)
    return _worst(exit_codes)


class _Models:
    """The models of a workspace's cases, each loaded once."""

    def __init__(self, model_id: str | None) -> None:
        self._id = model_id
        self._handles: dict[str, ModelHandle] = {}

    def handle(self, saved_id: str) -> "ModelHandle":
        """The model of this id, or the one asked for. Raises UnknownModel or DamagedBundle."""
        name = self._id or saved_id
        if name not in self._handles:
            self._handles[name] = loaded_model(name)
        return self._handles[name]


def _replayed(
    data: "CaseData", finder: "SourceFinder", models: _Models, output: Output
) -> tuple[ReplayedCase, int]:
    """The case, and the exit code that it asks for."""
    from core.workspace.replay import changes_since, repeatability_note, replayed_results

    case = data.case
    name = case.source.name or case.source.sample
    output.print(f"{case.id}{f' ({name})' if name else ''}")
    results = []
    try:
        image = finder.find(case).image
        model = models.handle(case.image.model.id)
        with output.progress(case.id, Run()) as run:
            for result in replayed_results(data, model, image, run):
                results.append(result)
                indent = "    " if result.kind == "finding" else "  "
                output.print(f"{indent}{result.title}: {result.words}")
    except Cancelled:
        raise
    except SaliscopeError as error:
        print_error(str(error))
        failed = ReplayedCase(id=case.id, name=name, results=tuple(results), error=error_record(error))
        # A method that cannot be computed any more is a result that could not be replayed.
        return failed, RESULTS_DIFFER if isinstance(error, MethodError) else error.exit_code
    changed = changes_since(case, model)
    for change in changed:
        output.print(f"  Changed since: {change.words}")
    note = repeatability_note(case, model, results)
    if note:
        output.print(f"  {note}")
    is_identical = all(result.outcome == "identical" for result in results)
    replayed_case = ReplayedCase(id=case.id, name=name, results=tuple(results), changed=changed, note=note)
    return replayed_case, 0 if is_identical else RESULTS_DIFFER


def _summary(cases: Sequence[ReplayedCase]) -> str:
    results = [result for case in cases for result in case.results]
    counts = {
        "identical": sum(result.outcome == "identical" for result in results),
        "different": sum(result.outcome == "differs" for result in results),
        "not replayed": sum(result.outcome == "not_replayed" for result in results),
    }
    failed = sum(case.error is not None for case in cases)
    parts = [f"{count:,} {word}" for word, count in counts.items() if count or word == "identical"]
    if failed:
        parts.append(f"{failed:,} of {len(cases):,} cases not replayed")
    return f"{', '.join(parts)}."


def _worst(exit_codes: Sequence[int]) -> int:
    """A missing image counts most, then other errors, then results that differ."""
    errors = [code for code in exit_codes if code not in (0, RESULTS_DIFFER)]
    if InputError.exit_code in errors:
        return InputError.exit_code
    return errors[0] if errors else max(exit_codes, default=0)
