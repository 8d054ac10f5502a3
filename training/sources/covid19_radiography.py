"""The COVID-19 Radiography Database as published (Chowdhury et al. 2020, doi:10.1109/ACCESS.2020.3010287).

Its folder has one folder a class, each with `images/` (299 x 299) and `masks/` (256 x 256, of the lungs,
under the same names), and a table a class that names no patient.
"""

from pathlib import Path
from typing import ClassVar, final

from training.datasets import DataSet, LabelledImage, require_sound
from training.sources.files import content_sha256, pictures_below
from training.sources.protocol import Reading

FOLDER = "COVID-19_Radiography_Dataset"
CLASSES = {
    "COVID": "covid19",
    "Lung_Opacity": "lung_opacity",
    "Normal": "normal",
    "Viral Pneumonia": "viral_pneumonia",
}


@final
class Covid19Radiography:
    """Films of many collections without patient ids: a split cannot keep the films of a patient together."""

    name: ClassVar[str] = "covid19_radiography"
    title: ClassVar[str] = f"the COVID-19 Radiography Database (the folder {FOLDER})"

    def claims(self, path: Path) -> bool:
        root = _root(path)
        return sum((root / name / "images").is_dir() for name in CLASSES) >= 2

    def read(self, path: Path, reading: Reading) -> DataSet:
        """One labelled image for each film, with its lung mask. Raises InputError for missing masks."""
        root = _root(path)
        problems = [f"the folder {name}/images is missing" for name in CLASSES if not _images(root, name)]
        records = []
        for name, label in CLASSES.items():
            for film in _images(root, name):
                mask = root / name / "masks" / film.name
                if not mask.is_file():
                    problems.append(f"{film.name} has no mask")
                records.append(LabelledImage(film.stem, film, label, "", film.stem, mask))
        require_sound(records, "The folder", False, problems)
        files = [file for record in records for file in (record.path, record.mask) if file is not None]
        return DataSet(tuple(records), "", content_sha256(root, files))


def _root(path: Path) -> Path:
    """The folder of the classes, also if its parent was named."""
    return path / FOLDER if (path / FOLDER).is_dir() else path


def _images(root: Path, name: str) -> list[Path]:
    return pictures_below(root / name / "images")
