"""What every export says of itself: research use, model, method, parameters, seed, version and date."""

from datetime import UTC, datetime

from core.exports.class_words import target_words
from core.exports.contract import ExportSubject
from core.figures.wording import parameter_words
from core.values import FrozenRecord
from core.version import program_version

RESEARCH_USE = "For research and teaching; not a medical device."


class MethodStatement(FrozenRecord):
    """How a map was made. parameters: as text."""

    title: str
    name: str
    parameters: dict[str, str]
    target: str
    seed: int


class Statement(FrozenRecord):
    """The origin of an exported file. date: when it was exported, UTC. method: None without a single map."""

    research_use: str = RESEARCH_USE
    program: str
    date: datetime
    model: str
    model_version: str
    weights_sha256: str
    source_sha256: str
    method: MethodStatement | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The statement in lines of text."""
        lines = [
            self.research_use,
            f"Written by {self.program} on {self.date:%Y-%m-%d %H:%M} UTC.",
            f"Model {self.model}, version {self.model_version}, weights SHA-256 {self.weights_sha256}.",
            f"Source file SHA-256 {self.source_sha256}.",
        ]
        if self.method is not None:
            values = ", ".join(f"{name} {value}" for name, value in self.method.parameters.items())
            lines.append(
                f"Map: {self.method.title} of the {self.method.target}"
                f"{f', {values}' if values else ''}, seed {self.method.seed}."
            )
        return tuple(lines)


def statement_of(subject: ExportSubject) -> Statement:
    """The statement of an export that is made now."""
    case, saved = subject.case, subject.map
    method = None
    if saved is not None:
        record = saved.record
        method = MethodStatement(
            title=record.title,
            name=record.name,
            parameters=parameter_words(record),
            target=target_words(case, saved),
            seed=record.seed,
        )
    return Statement(
        program=f"Saliscope {program_version()}",
        date=datetime.now(UTC),
        model=case.image.model.id,
        model_version=case.image.model.version,
        weights_sha256=case.image.model.weights_sha256,
        source_sha256=case.source.file_sha256,
        method=method,
    )
