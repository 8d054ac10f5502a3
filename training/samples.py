"""Picks the samples that ship with a model: per class the right prediction of median confidence."""

import shutil
from collections import defaultdict
from pathlib import Path

from pydantic import TypeAdapter

from core.datasets.table_file import read_table
from core.errors import InputError
from core.models.handle import ModelHandle
from core.samples import Sample
from training.sources.pixels import picture


def pick(handle: ModelHandle, index: Path, column: str = "full_size") -> dict[str, Path]:
    """For each class of the card the path of its sample, among test rows with a file in `column`.

    The median takes the lower of two middle ones. Raises InputError if a class has no right one.
    """
    rows = [row for row in read_table(index).rows if row["part"] == "test" and row.get(column)]
    right = defaultdict(list)
    for row in rows:
        path = index.parent / row[column]
        x = handle.card.preprocessing.apply(picture(path)).x
        prediction = handle.predict(x)
        if prediction.name == row["label"]:
            right[row["label"]].append((prediction.probability, path))
    for name in handle.card.classes:
        if not right[name]:
            raise InputError(
                f"No test image of class {name!r} is predicted right.", "Train the model longer."
            )
    return {name: sorted(right[name])[(len(right[name]) - 1) // 2][1] for name in handle.card.classes}


def write_samples(handle: ModelHandle, chosen: dict[str, Path], prefix: str, folder: Path) -> list[Sample]:
    """Copy the files into `folder` and write `samples.json` beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, path in chosen.items():
        sample = Sample(
            id=f"{prefix}_{name}",
            class_name=name,
            title=f"Brain MRI, {name}",
            model=handle.card.id,
            modality=handle.card.modality[0],
            file=f"{prefix}_{name}.png",
            licence=handle.card.licence,
            attribution=handle.card.attribution,
            source=f"slice {path.stem} of the data set's test part",
        )
        shutil.copyfile(path, folder / sample.file)
        made.append(sample)
    text = TypeAdapter(list[Sample]).dump_json(made, indent=2, by_alias=True).decode()
    (folder / "samples.json").write_text(text + "\n", encoding="utf-8")
    return made
