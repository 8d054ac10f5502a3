"""Running over a data set: expected cost, progress, and the files at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.command_line.images import ALL_FAILED, SOME_FAILED
from app.command_line.layer_names import require_layers
from app.command_line.model_choice import loaded_model
from app.command_line.output import Output
from app.failure import print_error
from core.datasets.aggregate import aggregated
from core.datasets.document import DataRecord, EvaluateDocument
from core.datasets.estimate import Estimate, estimate
from core.datasets.evaluation import (
    RunProgress,
    Summary,
    evaluate,
    first_readable,
    software_versions,
    split_tasks,
    summarised,
    tasks_of,
)
from core.datasets.index import Index, Item
from core.datasets.ledger import Ledger
from core.datasets.tables import (
    MeasureTable,
    curves_csv,
    interval_text,
    measure_tables,
    measure_text,
    misfitting_images,
    noted_images,
    rows_csv,
    scores_csv,
    table_md,
)
from core.datasets.task import Plan, TaskResult
from core.figures.evaluation import aggregated_png, scores_png
from core.methods import METHODS, method_named
from core.models.bundle import Bundle
from core.network.run import Run
from core.number_text import duration, elapsed, fixed, percent
from core.output import folder_name, shown_name, write_document, written
from core.results.image import ModelRecord

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

METHOD_TITLES = {method.name: method.title for method in METHODS}


@dataclass(frozen=True, slots=True)
class DataSetRun:
    """The index, the images drawn from it, the model, and what is computed of them."""

    index: Index
    items: tuple[Item, ...]
    bundle: Bundle
    plan: Plan
    part: str
    seed: int
    repeats: int
    out: Path


def run_data_set(run: DataSetRun, output: Output) -> int:
    """Do the tasks that are not done yet, write the files, print the scores. Returns the exit code."""
    ledger = Ledger(run.out)
    tasks = tasks_of(run.items, run.plan, run.seed, run.repeats)
    finished, open_tasks = split_tasks(tasks, ledger)
    output.print(
        f"{len(run.items)} images of {len({item.group for item in run.items})} patients in "
        f"{shown_name(run.index.name)}, {len(run.plan.methods)} methods, {run.plan.model}."
    )
    if finished:
        output.print(f"{len(finished)} of {len(tasks)} tasks are already done in {folder_name(run.out)}.")
    model = loaded_model(run.bundle)
    require_layers(((method_named(each.name), each.parameters) for each in run.plan.methods), model.facts)
    if open_tasks:
        _print_cost(run, model, len(open_tasks), output)
    with output.progress("Images", Run()) as engine_run:
        results = evaluate(tasks, model, ledger, _reporter(engine_run, output), engine_run)
    summary = summarised(results, run.seed)
    tables = measure_tables(summary.scores, summary.stability, summary.left_out)
    files = _write_files(results, summary, tables, run)
    software = software_versions() | {"device": model.calls.device.words}
    document = _document(run, results, summary, files, software)
    write_document(run.out / "results.json", document)
    _print_scores(tables, output)
    if document.data.misfits or document.data.fit_unknown:
        output.print(fit_text(document.data))
    output.print(f"Written to {folder_name(run.out)}: {', '.join(files)}")
    output.document(document)
    return _exit_code(document.data)


def _print_cost(run: DataSetRun, model: "ModelHandle", tasks: int, output: Output) -> None:
    sample = first_readable(run.items, model)
    if sample is None:
        output.print("No image of the index can be read.")
        return
    output.print(cost_text(estimate(run.plan, model, sample, tasks)))


def cost_text(cost: Estimate) -> str:
    """The expected cost in a sentence or two."""
    most = " at most" if cost.at_most else ""
    forward, gradient, picture = (
        f"{1000 * seconds:.1f} ms"
        for seconds in (cost.seconds_forward, cost.seconds_gradient, cost.seconds_picture)
    )
    return (
        f"Expected: {duration(cost.seconds)}{most} for {cost.tasks} tasks of {elapsed(cost.seconds_a_task)}: "
        f"{cost.forwards} forward passes of {forward}, {cost.gradients} gradients of {gradient}, "
        f"{cost.pictures} revealed pictures of {picture}, and the methods' own computations."
    )


def _reporter(run: Run, output: Output) -> Callable[[RunProgress], None]:
    def report(progress: RunProgress) -> None:
        run.progress(progress.done, progress.total)
        result = progress.result
        name = shown_name(result.file) or f"row {result.image}"
        if result.failed:
            print_error(f"{name}: {next(row.sentence for row in result.rows if row.sentence)}")
            return
        prediction = (
            f"{result.predicted} {percent(result.probability)}" if result.probability else "no prediction"
        )
        left_out = ", left out by the plan" if result.left_out else ""
        output.print(
            f"  {progress.done} of {progress.total}: {name}, {prediction}{left_out}, "
            f"{elapsed(result.seconds)}; about {duration(progress.remaining_s)} left"
        )
        if result.does_not_fit and result.fit is not None:
            output.print(f"    Does not fit the model: {' '.join(result.fit.reasons)}")
        for note in (*result.input_notes, *result.notes):
            output.print(f"    {note}")

    return report


def fit_text(data: DataRecord) -> str:
    """How many images do not fit the model, and of how many that cannot be checked."""
    parts = []
    if data.misfits:
        verb = "does" if data.misfits == 1 else "do"
        parts.append(
            f"{data.misfits} of {data.images} images {verb} not fit the model; "
            "the column fit of rows.csv says which."
        )
    if data.fit_unknown:
        parts.append(
            f"Whether they fit the model cannot be checked for {data.fit_unknown} of {data.images} images."
        )
    return " ".join(parts)


def _write_files(
    results: Sequence[TaskResult], summary: Summary, tables: Sequence[MeasureTable], run: DataSetRun
) -> tuple[str, ...]:
    curves = list(aggregated(results, run.seed))
    contents = {
        "rows.csv": rows_csv(results),
        "table.csv": scores_csv(summary.scores),
        "table.md": table_md(tables, METHOD_TITLES, misfitting_images(results), noted_images(results)).encode(
            "utf-8"
        ),
        "curves.csv": curves_csv(curves),
    }
    if summary.scores:
        contents["scores.png"] = scores_png(summary.scores, METHOD_TITLES)
    for setting in dict.fromkeys(curve.setting for curve in curves):
        setting_curves = [curve for curve in curves if curve.setting == setting]
        contents[f"curves_{setting.replace('/', '_')}.png"] = aggregated_png(setting_curves, METHOD_TITLES)
    for name, content in contents.items():
        with written(run.out / name) as file:
            file.write(content)
    return tuple(sorted((*contents, "results.json", "results.jsonl")))


def _document(
    run: DataSetRun,
    results: Sequence[TaskResult],
    summary: Summary,
    files: tuple[str, ...],
    software: dict[str, str],
) -> EvaluateDocument:
    failed = {result.image for result in results if result.failed}
    left_out = {result.image for result in results if result.left_out}
    misfits = misfitting_images(results)
    fits = {result.image: result.fit.answer for result in results if result.fit is not None}
    return EvaluateDocument(
        model=ModelRecord.of(run.bundle.card),
        data=DataRecord(
            index=shown_name(run.index.name),
            sha256=run.index.sha256,
            part=run.part,
            patients_by=run.index.group_column,
            images=len(run.items),
            patients=len({item.group for item in run.items}),
            repeats=run.repeats,
            failed=len(failed),
            left_out=len(left_out),
            misfits=len(misfits),
            fit_unknown=sum(answer == "cannot_be_checked" for answer in fits.values()),
        ),
        plan=run.plan,
        seed=run.seed,
        scores=summary.scores,
        stability=summary.stability,
        left_out=summary.left_out,
        misfits=misfits,
        notes=noted_images(results),
        forwards=sum(result.forwards for result in results),
        gradients=sum(result.gradients for result in results),
        seconds=round(sum(result.seconds for result in results), 1),
        software=software,
        folder=folder_name(run.out),
        files=files,
    )


def _print_scores(tables: Sequence[MeasureTable], output: Output) -> None:
    for table in tables:
        if not table.scores:
            continue
        output.print()
        output.print(measure_text(*table.measure))
        rows = [
            (
                METHOD_TITLES.get(line.method, line.method),
                interval_text(line.score.mean if line.score else None),
                f"{line.images} images",
            )
            for line in table.lines
        ]
        output.table(rows, indent=2)
        if table.stability is not None and table.stability.tau_halves is not None:
            output.print(f"  Kendall's tau between halves by patient: {fixed(table.stability.tau_halves)}")
    output.print()
    for entry in (entry for table in tables for entry in table.left_out):
        method = METHOD_TITLES.get(entry.method, entry.method) if entry.method else "every method"
        output.print(f"Left out, {entry.metric} {entry.setting}, {method}: {entry.images} ({entry.reason})")


def _exit_code(data: DataRecord) -> int:
    if not data.failed:
        return 0
    return ALL_FAILED if data.failed == data.images else SOME_FAILED
