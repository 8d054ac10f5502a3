"""Predicting and explaining one image: the part that `explain` and `curves` share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.command_line.images import OpenedSlice
from app.command_line.layer_names import require_layers
from app.command_line.output import Output
from app.command_line.sentences import explanation_line
from app.failure import error_record, print_error, print_note
from core.api import check_fit, explain, prepare, target_of
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
from core.policy import policy
from core.results.explanation import ExplainedImage, ExplanationDocument, PredictedImage
from core.results.image import FailedMethod
from core.results.records import TargetRecord
from core.results.result import Explanation, Result
from core.workspace.background import background_of
from core.workspace.document import SavedFinding
from core.workspace.file import SUFFIX, write_workspace
from core.workspace.making import (
    CaseExtras,
    SavedPrivacy,
    case_of_source,
    with_relative_paths,
    workspace_of,
)

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

Findings = Mapping[int, Sequence[SavedFinding]]
INPUT_FILE = "input.png"
DOCUMENT_FILE = "explanation.json"
PATH_LEFT_OUT = (
    "The path of the image names the patient and is left out of the workspace; `replay` needs --source."
)


@dataclass(frozen=True, slots=True)
class MapRequest:
    """The methods with their parameters, the target as text, the seed, and the folder of the results.

    has_paths: whether workspaces say where their images lie.
    """

    methods: tuple[tuple[Method, dict[str, Any]], ...]
    target: str
    seed: int
    out: Path
    has_paths: bool

    @classmethod
    def of(
        cls,
        method_names: Sequence[str],
        settings: Sequence[str],
        target: str,
        seed: int,
        out: Path,
        has_paths: bool,
    ) -> "MapRequest":
        """Checked before anything slow begins. Raises UnknownMethod, BadParameter or UsageError."""
        methods = {name: method_named(name) for name in method_names}
        values: dict[str, dict[str, Any]] = {name: {} for name in methods}
        for text in settings:
            name, parameter, value = parsed_setting(text)
            if name not in methods:
                method = method_named(name)
                raise BadParameter(
                    f"--set {text}: {method.name} is not computed here.", f"Add --method {name}."
                )
            values[name][parameter] = value
        for name, parameters in values.items():
            checked_parameters(methods[name], parameters)
        chosen = tuple((methods[name], values[name]) for name in methods)
        return cls(chosen, target, seed, out, has_paths and policy().is_on("workspace_paths"))


@dataclass(frozen=True, slots=True)
class PredictedSlice:
    """A slice as the model gets it, and the model's prediction."""

    opened: OpenedSlice
    model: "ModelHandle"
    prepared: Subject
    fit: Fit
    prediction: Prediction

    @classmethod
    def of(cls, opened: OpenedSlice, model: "ModelHandle") -> "PredictedSlice":
        """Prepare the slice, check whether it fits the model, and predict. Raises NotFinite."""
        prepared = prepare(model, opened.image)
        fit = check_fit(model, opened.image, prepared)
        return cls(opened, model, prepared, fit, predict_prepared(model, prepared))

    def record(self) -> PredictedImage:
        """The record of it that documents hold."""
        device = self.model.calls.device
        return self.opened.source.predicted(self.model.card, self.prepared, self.fit, self.prediction, device)

    def target(self, text: str) -> Target:
        """The target that `text` names. Raises BadParameter for an unknown class."""
        return target_of(self.model, self.prediction, text)


def explained(subject: PredictedSlice, request: MapRequest, output: Output) -> Result:
    """All maps of one image; a method that fails is reported on standard error, and the others go on.

    Raises Cancelled, BadParameter for an unknown class or layer, and the last method's error if none has a
    map.
    """
    target, card = subject.target(request.target), subject.model.card
    require_layers(request.methods, subject.model.facts)
    explanations: list[Explanation] = []
    failures: list[tuple[Method, SaliscopeError]] = []
    shared = Run()  # the methods of one image compute together what several of them need
    for method, values in request.methods:
        try:
            with output.progress(method.title, shared) as run:
                explanation = explain(
                    subject.model, subject.prepared, method.name, values, target, request.seed, run
                )
        except Cancelled:
            raise
        except SaliscopeError as error:
            failures.append((method, error))
        else:
            explanations.append(explanation)
            output.print(explanation_line(explanation, card.words_of))
    # If no method has a map, the last error is that of the image and is reported where it is caught.
    for method, failure in failures if explanations else failures[:-1]:
        print_error(f"{subject.opened.record.file}: no map by {method.title}. {failure}")
    if not explanations:
        raise failures[-1][1]
    return Result(
        image=subject.record(),
        target=TargetRecord.of(target, card.classes),
        explanations=tuple(explanations),
        failed=tuple(
            FailedMethod(name=method.name, title=method.title, error=error_record(reason))
            for method, reason in failures
        ),
    )


def write_maps(
    subject: PredictedSlice, result: Result, request: MapRequest, findings: Findings
) -> ExplainedImage:
    """The folder of one image with input.png, maps, overlays, explanation.json and workspace.

    findings: of checks, by the place of their map; they stand in the workspace. Raises DiskFull.
    """
    from core.figures.network_input import input_png
    from core.figures.overlay import overlay_png

    folder, card = unique_folder(request.out, subject.opened.label), subject.model.card
    picture, mapping = input_png(subject.prepared.x)
    pictures = {INPUT_FILE: picture}
    records = []
    for explanation in result.explanations:
        record = explanation.record.model_copy(update={"map_file": f"{explanation.record.name}.npy"})
        write_array(folder / f"{record.name}.npy", explanation.map.values)
        records.append(record)
        pictures[f"{record.name}.png"] = overlay_png(
            subject.opened.image,
            subject.prepared.grid_map,
            explanation.map,
            explanation.record,
            card.words_of,
        )
    for name, content in pictures.items():
        with written(folder / name) as file:
            file.write(content)
    document = ExplanationDocument(
        image=result.image.image,
        model=result.image.model,
        fit=result.image.fit,
        prediction=result.image.prediction,
        warnings=result.image.warnings,
        input_notes=result.image.input_notes,
        device=result.image.device,
        target=result.target,
        methods=tuple(records),
        failed=result.failed,
        input_file=INPUT_FILE,
        input_range=(mapping.low, mapping.high),
    )
    write_document(folder / DOCUMENT_FILE, document)
    workspace_file = _write_workspace(folder, subject, result, request, findings)
    names = (*pictures, *(f"{record.name}.npy" for record in records), DOCUMENT_FILE, workspace_file)
    return ExplainedImage(
        **dict(result.image),
        target=result.target,
        methods=tuple(records),
        failed=result.failed,
        folder=folder.name,
        files=tuple(sorted(names)),
    )


def _write_workspace(
    folder: Path, subject: PredictedSlice, result: Result, request: MapRequest, findings: Findings
) -> str:
    """Write the workspace of one image into its folder; the name of its file."""
    privacy = SavedPrivacy(has_paths=request.has_paths)
    source = subject.opened.source
    background = background_of(subject.model, [explanation.record for explanation in result.explanations])
    extras = CaseExtras(findings=findings, background=background)
    case = case_of_source("case-1", source, subject.prepared, result, extras, privacy)
    name = f"{folder.name}{SUFFIX}"  # a folder is named after the slice, without its patient
    write_workspace(folder / name, with_relative_paths(workspace_of([case]), folder))
    if request.has_paths and not (case.case.source.path or case.case.source.sample):
        print_note(PATH_LEFT_OUT)
    return name


def parsed_setting(text: str) -> tuple[str, str, str]:
    """The three parts of NAME.PARAM=VALUE. Raises UsageError."""
    name, dot, rest = text.partition(".")
    parameter, equals, value = rest.partition("=")
    if not (dot and equals and name and parameter):
        raise UsageError(
            f"--set {text} is not METHOD.PARAM=VALUE.", "Write it as in --set integrated_gradients.steps=128."
        )
    return name, parameter, value
