"""Running over a data set: cost, progress, and the files at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.command_line.cases import ALL_FAILED, SOME_FAILED
from app.command_line.failure import say_error
from app.command_line.output import Output
from core.datasets.aggregate import aggregated
from core.datasets.estimate import Estimate, estimate
from core.datasets.evaluation import (
    Progress,
    Summary,
    evaluate,
    first_readable,
    software_versions,
    summarised,
    tasks_of,
    waiting,
)
from core.datasets.index import Index, Item
from core.datasets.ledger import Ledger
from core.datasets.tables import (
    Section,
    curves_csv,
    interval_words,
    measure_words,
    misfitting_images,
    noted_images,
    rows_csv,
    scores_csv,
    sections,
    table_md,
)
from core.datasets.task import Plan, TaskResult
from core.figures.evaluation import aggregated_png, scores_png
from core.methods import METHODS
from core.models.bundle import Bundle
from core.network.run import Run
from core.number_text import duration, elapsed, percent
from core.output import folder_name, shown_name, write_document, written
from core.results.documents import DataRecord, EvaluateDocument, ModelRecord

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

TITLES = {method.name: method.title for method in METHODS}


@dataclass(frozen=True, slots=True)
class DataSetRun:
    """All that a run is made of; `items` were drawn from the index."""

    index: Index
    items: tuple[Item, ...]
    bundle: Bundle
    plan: Plan
    part: str
    seed: int
    repeats: int
    out: Path


def run_data_set(asked: DataSetRun, output: Output) -> int:
    """Do what is not yet done, write the files, say the scores. Returns the exit code."""
    from core.models.handle import ModelHandle

    ledger = Ledger(asked.out)
    tasks = tasks_of(asked.items, asked.plan, asked.seed, asked.repeats)
    found, to_do = waiting(tasks, ledger)
    output.say(
        f"{len(asked.items)} images of {len({item.group for item in asked.items})} patients in "
        f"{shown_name(asked.index.name)}, {len(asked.plan.methods)} methods, {asked.plan.model}."
    )
    if found:
        output.say(f"{len(found)} of {len(tasks)} tasks are already done in {asked.out}.")
    model = ModelHandle.load(asked.bundle)
    if to_do:
        _say_cost(asked, model, len(to_do), output)
    with output.progress("Images", Run()) as run:
        results = evaluate(tasks, model, ledger, _reporter(run, output), run)
    summary = summarised(results, asked.seed)
    tables = sections(summary.scores, summary.stability, summary.left_out)
    files = _write_files(results, summary, tables, asked)
    document = _document(asked, results, summary, files)
    write_document(asked.out / "results.json", document)
    _say_scores(tables, output)
    if document.data.misfits or document.data.fit_unknown:
        output.say(fit_words(document.data))
    output.say(f"Written to {folder_name(asked.out)}: {', '.join(files)}")
    output.document(document)
    return _exit_code(document.data)


def _say_cost(asked: DataSetRun, model: "ModelHandle", tasks: int, output: Output) -> None:
    sample = first_readable(asked.items, model)
    if sample is None:
        output.say("No image of the index can be read.")
        return
    output.say(cost_words(estimate(asked.plan, model, sample, tasks)))


def cost_words(cost: Estimate) -> str:
    """The expected cost in a sentence or two."""
    most = " at most" if cost.at_most else ""
    forward, gradient, picture = (
        f"{1000 * seconds:.1f} ms"
        for seconds in (cost.seconds_forward, cost.seconds_gradient, cost.seconds_picture)
    )
    return (
        f"Expected: {duration(cost.seconds)}{most} for {cost.tasks} tasks of {elapsed(cost.seconds_a_task)}: "
        f"{cost.forwards} forward passes of {forward}, {cost.gradients} gradients of {gradient}, "
        f"{cost.pictures} revealed pictures of {picture}, and what the methods compute themselves."
    )


def _reporter(run: Run, output: Output) -> Callable[[Progress], None]:
    def report(progress: Progress) -> None:
        run.progress(progress.done, progress.total)
        result = progress.result
        name = shown_name(result.file) or f"row {result.image}"
        if result.failed:
            say_error(f"{name}: {next(row.sentence for row in result.rows if row.sentence)}")
            return
        said = (
            f"{result.predicted} {percent(result.probability, 0)}" if result.probability else "no prediction"
        )
        why = ", left out by the plan" if result.left_out else ""
        output.say(
            f"  {progress.done} of {progress.total}: {name}, {said}{why}, {elapsed(result.seconds)}; "
            f"about {duration(progress.left_s)} left"
        )
        if result.misfit and result.fit is not None:
            output.say(f"    Does not fit the model: {' '.join(result.fit.reasons)}")
        for note in (*result.input_notes, *result.notes):
            output.say(f"    {note}")

    return report


def fit_words(data: DataRecord) -> str:
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
    results: Sequence[TaskResult], summary: Summary, tables: Sequence[Section], asked: DataSetRun
) -> tuple[str, ...]:
    curves = list(aggregated(results, asked.seed))
    contents = {
        "rows.csv": rows_csv(results),
        "table.csv": scores_csv(summary.scores),
        "table.md": table_md(tables, TITLES, misfitting_images(results), noted_images(results)).encode(
            "utf-8"
        ),
        "curves.csv": curves_csv(curves),
    }
    if summary.scores:
        contents["scores.png"] = scores_png(summary.scores, TITLES)
    for setting in dict.fromkeys(curve.setting for curve in curves):
        own = [curve for curve in curves if curve.setting == setting]
        contents[f"curves_{setting.replace('/', '_')}.png"] = aggregated_png(own, TITLES)
    for name, content in contents.items():
        with written(asked.out / name) as file:
            file.write(content)
    return tuple(sorted((*contents, "results.json", "results.jsonl")))


def _document(
    asked: DataSetRun, results: Sequence[TaskResult], summary: Summary, files: tuple[str, ...]
) -> EvaluateDocument:
    failed = {result.image for result in results if result.failed}
    left_out = {result.image for result in results if result.left_out}
    misfits = misfitting_images(results)
    fits = {result.image: result.fit.answer for result in results if result.fit is not None}
    return EvaluateDocument(
        model=ModelRecord.of(asked.bundle.card),
        data=DataRecord(
            index=shown_name(asked.index.name),
            sha256=asked.index.sha256,
            part=asked.part,
            patients_by=asked.index.group_column,
            images=len(asked.items),
            patients=len({item.group for item in asked.items}),
            repeats=asked.repeats,
            failed=len(failed),
            left_out=len(left_out),
            misfits=len(misfits),
            fit_unknown=sum(answer == "cannot_be_checked" for answer in fits.values()),
        ),
        plan=asked.plan,
        seed=asked.seed,
        scores=summary.scores,
        stability=summary.stability,
        left_out=summary.left_out,
        misfits=misfits,
        notes=noted_images(results),
        forwards=sum(result.forwards for result in results),
        gradients=sum(result.gradients for result in results),
        seconds=round(sum(result.seconds for result in results), 1),
        software=software_versions(),
        folder=folder_name(asked.out),
        files=files,
    )


def _say_scores(found: Sequence[Section], output: Output) -> None:
    for section in found:
        if not section.scores:
            continue
        output.say()
        output.say(measure_words(*section.measure))
        rows = [
            (
                TITLES.get(line.method, line.method),
                interval_words(line.score.mean if line.score else None),
                f"{line.images} images",
            )
            for line in section.lines
        ]
        output.table(rows, indent=2)
        if section.stability is not None and section.stability.tau_halves is not None:
            output.say(f"  Kendall's tau between halves by patient: {section.stability.tau_halves:.2f}")
    output.say()
    for one in (one for section in found for one in section.left_out):
        who = TITLES.get(one.method, one.method) if one.method else "every method"
        output.say(f"Left out, {one.metric} {one.setting}, {who}: {one.images} ({one.reason})")


def _exit_code(data: DataRecord) -> int:
    if not data.failed:
        return 0
    return ALL_FAILED if data.failed == data.images else SOME_FAILED
