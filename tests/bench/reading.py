"""How fast a folder of single-slice files is listed and its first image read: `python dev.py bench reading`.

The files are written to a temporary folder and lie in the system's file cache. Measured are the list of all
series through the reader process, the grouping of what has come at any time, and the first image of a second
reader process while the first one still lists.
"""

import argparse
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from core.readers.index import contents_of
from core.readers.listing import Listing
from core.readers.messages import FileStarted, IndexPath
from core.readers.process import ReaderProcess

_SLICES_A_SERIES = 400
# As many more elements as the header of a scanner has.
_FURTHER_ELEMENTS = 60


def write_series(folder: Path, files: int, size: int) -> None:
    """Write `files` slices of `size` x `size` int16 as series of at most 400 slices, in shuffled order."""
    generator = np.random.default_rng(0)
    pixels = generator.integers(-1000, 1000, (size, size), dtype=np.int16).tobytes()
    study, frame_of_reference = generate_uid(), generate_uid()
    series = [generate_uid() for _ in range(-(-files // _SLICES_A_SERIES))]
    for name, number in enumerate(generator.permutation(files)):
        series_number, slice_number = divmod(int(number), _SLICES_A_SERIES)
        dataset = _header(size)
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, series[series_number]
        dataset.FrameOfReferenceUID = frame_of_reference
        dataset.SeriesNumber, dataset.InstanceNumber = series_number + 1, slice_number + 1
        dataset.ImagePositionPatient = [-120.0, -120.0, slice_number * 0.75]
        dataset.PixelData = pixels
        dcmwrite(folder / f"image{name:05d}.dcm", dataset, enforce_file_format=True)


def _header(size: int) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, generate_uid()
    dataset.Modality, dataset.PatientID, dataset.PatientName = "CT", "1", "Bench"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing, dataset.SliceThickness = [0.47, 0.47], 0.75
    dataset.Rows = dataset.Columns = size
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 1
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, 0
    block = dataset.private_block(0x0029, "BENCH", create=True)
    for number in range(_FURTHER_ELEMENTS):
        block.add_new(number, "LO", f"value {number}")
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def first_image_seconds(folder: Path) -> float:
    """From the request until the first slice is read, while another process lists the folder."""
    with ReaderProcess() as lister, ReaderProcess() as reader:
        first = next(iter(sorted(folder.iterdir())))
        lister.contents(first)
        reader.contents(first)
        thread = threading.Thread(target=lister.contents, args=(folder,))
        start = time.perf_counter()
        thread.start()
        (entry,) = reader.index(first)
        reader.read(entry, 0)
        seconds = time.perf_counter() - start
        thread.join()
    return seconds


def list_seconds(folder: Path) -> tuple[float, float]:
    """To list all series through the reader process: with its start, and when it runs already."""
    start = time.perf_counter()
    with ReaderProcess() as reader:
        reader.contents(folder)
        started = time.perf_counter()
        reader.contents(folder)
        return started - start, time.perf_counter() - started


def snapshot_seconds(folder: Path) -> float:
    """To group all that has come of a folder, at the moment when its last file has come."""
    listing = Listing(IndexPath(path=folder))
    contents = []
    contents_of(folder, lambda step: contents.append(step.before))
    for part in contents:
        listing.take(FileStarted(path=folder, done=0, total=1, before=part))
    start = time.perf_counter()
    listing.snapshot()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=2000, help="how many files")
    parser.add_argument("--size", type=int, default=512, help="rows and columns of each")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="saliscope-bench-") as name:
        folder = Path(name)
        write_series(folder, options.files, options.size)
        cold, warm = list_seconds(folder)
        print(f"{options.files:,} files of {options.size} x {options.size} pixels")
        print(f"all series listed:                 {warm:6.2f} s, {options.files / warm:,.0f} files/s")
        print(f"with the start of the process:     {cold:6.2f} s")
        print(f"first image while a folder lists:  {first_image_seconds(folder):6.2f} s")
        print(f"series of all that has come:       {snapshot_seconds(folder) * 1000:6.0f} ms")


if __name__ == "__main__":
    main()
