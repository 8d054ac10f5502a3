"""`saliscope export`: what a workspace holds, as files for other programs and people."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.command_line.images import ALL_FAILED, SOME_FAILED
from app.command_line.options import output_options, setting_option, source_option
from app.command_line.output import Output
from app.failure import print_error, print_note
from app.texts.exports import same_reason
from core.errors import SaliscopeError, UsageError
from core.output import make_folder

if TYPE_CHECKING:
    from core.exports.contract import Exporter
    from core.exports.documents import ExportDocument
    from core.exports.writing import ExportOutcome


def _document() -> "type[ExportDocument]":
    from core.exports.documents import ExportDocument

    return ExportDocument


@click.command()
@click.argument("workspace", required=False, type=click.Path(path_type=Path))
@click.option("--as", "names", metavar="NAME", multiple=True, help="An export; repeatable. See --list.")
@click.option("--all", "is_all", is_flag=True, help="Every export that applies and holds no identity.")
@click.option(
    "--identity",
    "with_identity",
    is_flag=True,
    help="With --all: also the exports that hold the patient's identity, such as DICOM results.",
)
@click.option("--case", metavar="ID", default="", help="One case [default: all].")
@click.option(
    "--map",
    "map_id",
    metavar="ID",
    default="",
    help="One map, by its id or the name of its method [default: all].",
)
@setting_option("NAME.OPTION=VALUE", "An option of an export; repeatable. --list shows them.")
@source_option("A file or folder with the images, for exports that read them again.")
@click.option(
    "--to", "folder", metavar="FOLDER", type=click.Path(path_type=Path), help="Folder of the files."
)
@click.option("--replace", "replaces", is_flag=True, help="Write files of an earlier export anew.")
@click.option("--list", "is_list", is_flag=True, help="List the exports with their options.")
@output_options(_document)
def export(
    workspace: Path | None,
    names: tuple[str, ...],
    is_all: bool,
    with_identity: bool,
    case: str,
    map_id: str,
    settings: tuple[str, ...],
    located: Path | None,
    folder: Path | None,
    replaces: bool,
    is_list: bool,
    output: Output,
) -> int:
    """Write maps, pictures, tables and reports of a workspace.

    Each case gets a folder of its own in FOLDER. With --all an export that a case or map cannot have is
    left out with its reason; an export that fails does not end the others. Files that are there already are
    never replaced without --replace.

    \b
    Example:
      saliscope export brain.saliscope --as map_nifti --to out
      saliscope export brain.saliscope --all --to out
      saliscope export brain.saliscope --as dicom_structured_report --to out
      saliscope export --list
    """
    from app.texts.exports import exported
    from core.exports.documents import export_document
    from core.exports.exporters import all_exporters, exporter_named
    from core.exports.sources import source_locator
    from core.exports.writing import ExportChoice, export_all
    from core.workspace.file import read_workspace

    if is_list:
        return _list(output)
    if workspace is None or folder is None:
        raise UsageError(
            "A workspace and --to FOLDER are needed.", "`saliscope export --list` lists exports."
        )
    if is_all == bool(names):
        raise UsageError("Name exports with --as, or take all with --all.", "--list shows them.")
    exporters = all_exporters(with_identity) if is_all else tuple(map(exporter_named, names))
    opened, values = read_workspace(workspace), _values(settings)
    for name in values:
        if name not in [exporter.name for exporter in exporters]:
            raise UsageError(f"--set {name}: this export is not written here.", f"Add --as {name}.")
    outcomes = []
    with source_locator(workspace.absolute().parent, located) as source_of:
        choice = ExportChoice(exporters, case, map_id, values, source_of, replaces)
        exports = export_all(opened, folder, choice)  # a wrong call is noticed here
        make_folder(folder)
        _print_identity(exporters, is_all)
        told = _ToldReasons()
        for outcome in exports:
            outcomes.append(outcome)
            _print(outcome, is_all, folder, output, told)
        told.print_repeated(output)
    errors = [error for outcome in outcomes if (error := _failure(outcome, is_all)) is not None]
    written = sum(outcome.error is None for outcome in outcomes)
    output.print(exported(written, len(errors), len(outcomes) - written - len(errors)))
    output.document(export_document(outcomes, folder))
    return _exit_code(errors, written)


def _list(output: Output) -> int:
    from app.command_line.methods import parameter_lines
    from app.texts.exports import IDENTITY
    from core.exports.documents import ExportDocument, ExporterEntry
    from core.exports.exporters import EXPORTERS

    entries = tuple(map(ExporterEntry.of, EXPORTERS))
    for entry in entries:
        output.print(f"{entry.title} ({entry.name})")
        output.print(f"  {entry.summary}")
        output.print(f"  {IDENTITY[entry.identity]}")
        for line in parameter_lines(entry.name, entry.options):
            output.print(f"  {line}")
        output.print()
    output.document(ExportDocument(exporters=entries))
    return 0


def _values(settings: Sequence[str]) -> dict[str, dict[str, str]]:
    """Options by the exporter's name. Raises UsageError."""
    from app.command_line.maps import parsed_setting
    from core.exports.exporters import exporter_named

    values: dict[str, dict[str, str]] = defaultdict(dict)
    for setting in settings:
        name, option, value = parsed_setting(setting)
        values[exporter_named(name).name][option] = value
    return values


def _print_identity(exporters: "Sequence[Exporter]", is_all: bool) -> None:
    """Which of the files will say whose images these are, before any is written."""
    from app.texts.exports import exports_with_identity, exports_without_identity
    from core.exports.exporters import EXPORTERS

    titles = [exporter.title for exporter in exporters if exporter.identity == "of the source"]
    left_out = [each.title for each in EXPORTERS if is_all and each not in exporters]
    if titles:
        print_note(exports_with_identity(titles))
    if left_out:
        print_note(exports_without_identity(left_out))


class _ToldReasons:
    """The reasons why there are no files, each of which is said once, however many exports have it."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._repeated: Counter[str] = Counter()

    def is_new(self, reason: str, place: str) -> bool:
        """Whether a reason was not told yet; else it is counted."""
        if reason not in self._first:
            self._first[reason] = place
            return True
        self._repeated[reason] += 1
        return False

    def print_repeated(self, output: Output) -> None:
        """How many further exports had the reason of an earlier one."""
        for reason, count in self._repeated.items():
            output.print(same_reason(self._first[reason], count))


def _print(outcome: "ExportOutcome", is_all: bool, folder: Path, output: Output, told: _ToldReasons) -> None:
    place = " ".join(filter(None, (outcome.case, outcome.map, outcome.exporter.name)))
    if outcome.error is None:
        for path in outcome.files:
            output.print(f"{place}: {path.relative_to(folder).as_posix()}")
    elif not told.is_new(str(outcome.error), place):
        pass  # counted
    elif _failure(outcome, is_all) is None:
        output.print(f"{place}: left out. {outcome.error.message}")
    else:
        print_error(f"{place}: {outcome.error}")


def _failure(outcome: "ExportOutcome", is_all: bool) -> SaliscopeError | None:
    """The error of an export that was wanted; with --all only what applies is."""
    return None if is_all and not outcome.is_applicable else outcome.error


def _exit_code(errors: Sequence[SaliscopeError], written: int) -> int:
    """0, SOME_FAILED, or where nothing was written the code that all errors share, else ALL_FAILED."""
    if not errors:
        return 0
    if written:
        return SOME_FAILED
    codes = {error.exit_code for error in errors}
    return codes.pop() if len(codes) == 1 else ALL_FAILED
