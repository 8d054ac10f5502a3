"""How fast large images are read and cut, from the reader process through its pipe.

python dev.py bench volumes [--row NAME ...] [--quick] [--out FOLDER]

The files are written to a temporary folder and lie in the file cache. `first` counts from the request
for the middle slice until it has arrived; the process has read another file before.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import nibabel
import numpy as np
import psutil

from core.images.planes import AXES
from core.readers.messages import CloseSeries, SeriesClosed
from core.readers.process import ReaderProcess
from core.readers.protocol import FrameSource, SeriesEntry, affine_rows
from tests.bench import table
from tests.bench.table import Figure, at_most
from tests.bench.timing import seconds_of
from tests.core.readers.dicom_files import dicom_file
from tests.core.readers.nifti_files import saved

ROOT = Path(__file__).resolve().parents[2]
FURTHER_SLICES = 40
AXIS_NAMES = ("slices", "rows", "columns")


def noise(shape: tuple[int, ...]) -> np.ndarray:
    """A body of noise in air, about as compressible as a CT."""
    values = np.full(shape, -1000, np.int16)
    body = tuple(slice(size // 8, -size // 8) for size in shape[-2:])
    size = values[(..., *body)].shape
    values[(..., *body)] = np.random.default_rng(1).normal(40, 20, size).astype(np.int16)
    return values


def packed(folder: Path, is_quick: bool) -> Iterator[Figure]:
    """A gzipped NIfTI file of 512 x 512 x 400."""
    shape = (64, 64, 50) if is_quick else (512, 512, 400)
    path = saved(folder / "a.nii.gz", noise(shape[::-1]).T, np.diag([-0.7, -0.7, 1.5, 1]))
    yield from _reading("packed NIfTI", folder, lambda reader: reader.index(path)[0], 4, 0.02)


def mapped(folder: Path, is_quick: bool) -> Iterator[Figure]:
    """An uncompressed NIfTI file of 2 GB."""
    shape = (64, 64, 50) if is_quick else (1024, 1024, 1000)
    header = nibabel.Nifti1Image(np.zeros((1, 1, 1), np.int16), np.diag([-0.5, -0.5, 0.5, 1])).header
    header.set_data_shape(shape)
    header["vox_offset"] = 352
    path = folder / "a.nii"
    plane = noise(shape[:2])
    with path.open("wb") as stream:
        stream.write(header.binaryblock + bytes(4))
        for _ in range(shape[2]):
            stream.write(plane.tobytes())
    yield from _reading("mapped NIfTI", folder, lambda reader: reader.index(path)[0], 1, None, 300)


def stack(folder: Path, is_quick: bool) -> Iterator[Figure]:
    """A series of 300 uncompressed DICOM files of 512 x 512."""
    values = noise((10, 64, 64) if is_quick else (300, 512, 512))
    paths = [
        dicom_file(
            folder / f"{index:03d}.dcm",
            pixels,
            ImagePositionPatient=[0, 0, index],
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            PixelSpacing=[1, 1],
        )
        for index, pixels in enumerate(values)
    ]
    changes = {
        "frames": len(paths),
        "sources": tuple(FrameSource(path=path) for path in paths),
        "affine_lps_mm": affine_rows(np.eye(4)[:, [2, 1, 0, 3]]),
        "no_volume": "",
    }
    yield from _reading(
        "DICOM files", folder, lambda reader: reader.index(paths[0])[0].model_copy(update=changes), None, None
    )


def mammogram(folder: Path, is_quick: bool) -> Iterator[Figure]:
    """One DICOM frame of 4,096 x 3,328."""
    path = dicom_file(folder / "a.dcm", noise((64, 52) if is_quick else (4096, 3328)))
    with ReaderProcess() as reader:
        entry = reader.index(path)[0]
        seconds = [seconds_of(lambda: reader.read(entry, 0)) for _ in range(5)]
    yield Figure("mammogram", "seconds until it has arrived", median(seconds), rounds=len(seconds))


def _reading(
    row: str,
    folder: Path,
    index: Callable[[ReaderProcess], SeriesEntry],
    first_s: float | None,
    further_s: float | None,
    memory_mb: float | None = None,
) -> Iterator[Figure]:
    """The first slice, further ones in each plane, and the memory of the process; bounds may be None."""
    with ReaderProcess() as reader:
        small = reader.index(dicom_file(folder / "small.dcm"))[0]
        reader.read(small, 0)
        (process,) = psutil.Process().children()
        entry = index(reader)
        seconds = seconds_of(lambda: reader.read(entry, entry.middle_frame))
        yield Figure(row, "seconds to the first slice", seconds, at_most(first_s) if first_s else None)
        highest_bytes = process.memory_info().rss
        for axis in AXES:
            count = entry.volume_shape[axis]
            begin = seconds_of(lambda axis=axis: reader.read_plane(entry, 0, axis, 0))
            all_seconds = []
            for place in np.linspace(1, count - 1, min(FURTHER_SLICES, count - 1)).astype(int):
                all_seconds.append(seconds_of(lambda: reader.read_plane(entry, 0, axis, int(place))))  # noqa: B023
                highest_bytes = max(highest_bytes, process.memory_info().rss)
            yield Figure(
                row,
                f"median seconds of a slice across {AXIS_NAMES[axis]}",
                median(all_seconds),
                at_most(further_s) if further_s else None,
                rounds=len(all_seconds),
                note=f"the first one {begin:.3f} s, the slowest other {max(all_seconds):.3f} s",
            )
        bound = at_most(memory_mb) if memory_mb else None
        yield Figure(row, "memory of the process in MB", highest_bytes / 1e6, bound)
        kept_bytes = reader.ask(CloseSeries(entry=entry), SeriesClosed)[0].kept_bytes
        note = f"{kept_bytes} bytes are kept"
        yield Figure(row, "memory in MB after it is closed", process.memory_info().rss / 1e6, note=note)


ROWS = {"packed": packed, "mapped": mapped, "stack": stack, "mammogram": mammogram}


def main() -> int:
    """Measure the requested rows; 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(prog="dev.py bench volumes", description=__doc__.splitlines()[0])
    parser.add_argument("--row", action="append", choices=list(ROWS), help="only this row; may be repeated")
    parser.add_argument("--quick", action="store_true", help="small files: whether it runs at all")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench", help="folder of the results")
    arguments = parser.parse_args()
    figures = []
    for name in arguments.row or ROWS:
        with tempfile.TemporaryDirectory() as folder:
            for figure in ROWS[name](Path(folder), arguments.quick):
                print(table.line_of(figure), flush=True)
                figures.append(figure)
    written = table.write(arguments.out, "volumes", "Reading of volumes", figures)
    failed = [figure for figure in figures if figure.verdict and figure.verdict != "holds"]
    print(f"\n{len(failed)} of {len(figures)} figures out of bounds; written: {', '.join(map(str, written))}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
