"""Which chest films are bundled as samples: typical right answers on the models' test part.

Of each class the films of one source whose licence allows it (SOURCES; normal and lung opacity of the same
one, since only that comparison is fair), that fit both chest models and get their class from both. Of these
those nearest to the median of their probabilities by the first model are printed. The first one is bundled;
of the normal films the first without wires of an operation, which a person saw by eye.

    python -m tests.experiments.chest_samples
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core import api, engine
from core.models.handle import ModelHandle
from core.readers.index import index_path
from core.readers.process import ReaderProcess
from tests.experiments.polarity_and_padding import DATA, scored_images

MODELS = ("chest_xray_densenet121", "chest_xray_efficientnetb0")
SOURCES = {"normal": "nih", "lung_opacity": "nih", "covid19": "hannover"}
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A film of the test part, and the probability of its class by the first model."""

    name: str
    label: str
    probability: float


def films(model: str) -> list[tuple[Path, str]]:
    """The films of the model's test part of the sources that are taken, with their classes."""
    with (DATA / "chest_xray" / "index.csv").open(encoding="utf-8", newline="") as stream:
        sources = {row["id"]: row["source"] for row in csv.DictReader(stream)}
    return [(path, label) for path, label in scored_images(model) if sources[path.stem] == SOURCES[label]]


def candidates(models: list[ModelHandle]) -> Iterator[Candidate]:
    """The films that fit both models and get their class from both."""
    with ReaderProcess() as reader:
        for path, label in films(models[0].card.id):
            image, _ = reader.read(index_path(path)[0], 0)
            subjects = [(model, engine.prepare(model, image)) for model in models]
            predictions = [engine.predict(model, subject) for model, subject in subjects]
            fits = [engine.check_fit(model, image, subject).answer for model, subject in subjects]
            if all(each.name == label for each in predictions) and set(fits) == {"fits"}:
                yield Candidate(path.stem, label, max(predictions[0].probabilities))


def main() -> None:
    """Print the candidates around the middle of each class, the nearest first."""
    chosen = list(candidates([api.load_model(name) for name in MODELS]))
    for label in SOURCES:
        of_class = sorted((each for each in chosen if each.label == label), key=lambda each: each.probability)
        median = of_class[len(of_class) // 2].probability
        of_class.sort(key=lambda each: abs(each.probability - median))
        nearest = ", ".join(f"{each.name} {each.probability:.3f}" for each in of_class[:SHOWN])
        print(f"{label} ({len(of_class)} films, median {median:.3f}): {nearest}")


if __name__ == "__main__":
    main()
