"""Predicting and explaining one image: the part that `explain` and `curves` share."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.command_line.cases import Case
from app.command_line.failure import error_record, say_error
from app.command_line.output import Output
from app.command_line.sentences import said_of
from core.api import Explanation, check_fit, explain, prepare, target_of
from core.api import predict as predict_prepared
from core.errors import BadParameter, Cancelled, SaliscopeError, UsageError
from core.methods import method_named
from core.methods.contract import Method
from core.models.fit import Fit
from core.models.prediction import Prediction
from core.models.preprocessing import Subject
from core.network.parameters import checked_parameters
from core.network.run import Run
from core.network.target import Target
from core.output import unique_folder, write_array, write_document, written
from core.readers.index import name_without_suffix
from core.results.documents import (
    ExplainedImage,
    ExplanationDocument,
    FailedMethod,
    ModelRecord,
    PredictedImage,
)
from core.results.records import PredictionRecord, TargetRecord

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

INPUT_FILE = "input.png"


@dataclass(frozen=True, slots=True)
class MapRequest:
    """The methods with their parameters, the target in words, the seed, and where results go."""

    methods: tuple[tuple[Method, dict[str, Any]], ...]
    target: str
    seed: int
    out: Path

    @classmethod
    def of(
        cls, method_names: Sequence[str], settings: Sequence[str], target: str, seed: int, out: Path
    ) -> "MapRequest":
        """Checked before anything slow begins. Raises UnknownMethod, BadParameter or UsageError."""
        chosen = {name: method_named(name) for name in method_names}
        values: dict[str, dict[str, Any]] = {name: {} for name in chosen}
        for text in settings:
            name, parameter, value = setting(text)
            if name not in chosen:
                found = method_named(name)
                raise BadParameter(
                    f"--set {text}: {found.name} is not computed here.", f"Add --method {name}."
                )
            values[name][parameter] = value
        for name, given in values.items():
            checked_parameters(chosen[name], given)
        return cls(tuple((chosen[name], values[name]) for name in chosen), target, seed, out)


@dataclass(frozen=True, slots=True)
class Seen:
    """An image as the model sees it, and what it says."""

    case: Case
    model: "ModelHandle"
    prepared: Subject
    fit: Fit
    prediction: Prediction

    @classmethod
    def of(cls, case: Case, model: "ModelHandle") -> "Seen":
        prepared = prepare(model, case.image)
        fit = check_fit(model, case.image, prepared)
        return cls(case, model, prepared, fit, predict_prepared(model, prepared))

    def record(self) -> PredictedImage:
        return PredictedImage(
            file=self.case.record.file,
            sample=self.case.sample.id if self.case.sample else None,
            image=self.case.record,
            model=ModelRecord.of(self.model.card),
            fit=self.fit,
            prediction=PredictionRecord.of(self.prediction),
            warnings=self.fit.warnings,
            input_notes=self.prepared.notes,
        )


@dataclass(frozen=True, slots=True)
class Explained:
    """What was seen, with its maps in the order asked for; failed: methods that have none, and why."""

    seen: Seen
    target: Target
    maps: tuple[tuple[Method, Explanation], ...]
    failed: tuple[tuple[Method, SaliscopeError], ...] = ()


def explained(seen: Seen, request: MapRequest, output: Output) -> Explained:
    """All maps of one image; a method that fails is told on standard error, and the others go on.

    Raises Cancelled, BadParameter for an unknown class, and the last method's error if none has a map.
    """
    target = target_of(seen.model, seen.prediction, request.target)
    maps: list[tuple[Method, Explanation]] = []
    failed: list[tuple[Method, SaliscopeError]] = []
    shared = Run()  # the methods of one image compute together what several of them need
    for chosen, values in request.methods:
        try:
            with output.progress(chosen.title, shared) as run:
                found = explain(seen.model, seen.prepared, chosen.name, values, target, request.seed, run)
        except Cancelled:
            raise
        except SaliscopeError as error:
            failed.append((chosen, error))
        else:
            maps.append((chosen, found))
            output.say(said_of(found))
    # The last error of an image without a map is the image's own, and told where that is caught.
    for chosen, refusal in failed if maps else failed[:-1]:
        say_error(f"{seen.case.record.file}: no map by {chosen.title}. {refusal}")
    if not maps:
        raise failed[-1][1]
    return Explained(seen, target, tuple(maps), tuple(failed))


def write_maps(found: Explained, out: Path) -> ExplainedImage:
    """The folder of one image with input.png, maps, overlays and explanation.json. Raises DiskFull."""
    from core.figures.overlay import overlay_png
    from core.figures.seen_input import input_png

    seen = found.seen
    folder = unique_folder(out, name_without_suffix(seen.case.label))
    picture, mapping = input_png(seen.prepared.x)
    files = {INPUT_FILE: picture}
    records = []
    for chosen, explanation in found.maps:
        map_file = f"{chosen.name}.npy"
        write_array(folder / map_file, explanation.map.values)
        records.append(explanation.record.model_copy(update={"map_file": map_file}))
        files[f"{chosen.name}.png"] = overlay_png(
            seen.case.image, seen.prepared.grid_map, explanation.map, explanation.record
        )
    for name, content in files.items():
        with written(folder / name) as file:
            file.write(content)
    said = seen.record()
    target = TargetRecord.of(found.target, seen.model.card.classes)
    failed = tuple(
        FailedMethod(name=chosen.name, title=chosen.title, error=error_record(error))
        for chosen, error in found.failed
    )
    document = ExplanationDocument(
        image=said.image,
        model=said.model,
        fit=said.fit,
        prediction=said.prediction,
        warnings=said.warnings,
        input_notes=said.input_notes,
        target=target,
        methods=tuple(records),
        failed=failed,
        input_file=INPUT_FILE,
        input_range=(mapping.low, mapping.high),
    )
    write_document(folder / "explanation.json", document)
    names = (*files, *(f"{chosen.name}.npy" for chosen, _ in found.maps), "explanation.json")
    return ExplainedImage(
        **dict(said),
        target=target,
        methods=tuple(records),
        failed=failed,
        folder=folder.name,
        files=tuple(sorted(names)),
    )


def setting(text: str) -> tuple[str, str, str]:
    """What stands in NAME.PARAM=VALUE. Raises UsageError."""
    name, dot, rest = text.partition(".")
    parameter, equals, value = rest.partition("=")
    if not (dot and equals and name and parameter):
        raise UsageError(
            f"--set {text} is not METHOD.PARAM=VALUE.", "Write it as in --set integrated_gradients.steps=128."
        )
    return name, parameter, value
