"""Sources on files that are written here in exactly the form in which each set is published."""

import h5py
import numpy as np
import pytest
from PIL import Image

from core.errors import InputError, Unreadable, UsageError
from training.sources import SOURCES, source
from training.sources.class_folders import ClassFolders
from training.sources.covid19_radiography import FOLDER, Covid19Radiography
from training.sources.figshare_brain_tumour import FigshareBrainTumour
from training.sources.pixels import labelled_slice, outline
from training.sources.protocol import Reading

HEADER = b"MATLAB 7.3 MAT-file, Platform: PCWIN64, Created on: Sat Nov 11 2017 HDF5 schema 1.00 ."


def write_slice(path, label, patient, image, mask):
    """A file as MATLAB 7.3 writes it: a block of 512 bytes before the HDF5, columns before rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w", userblock_size=512) as file:
        group = file.create_group("cjdata")
        group.attrs["MATLAB_class"] = np.bytes_("struct")
        fields = {
            "PID": (np.array([[ord(letter)] for letter in patient], np.uint16), "char"),
            "image": (image.T.astype(np.int16), "int16"),
            "label": (np.array([[float(label)]]), "double"),
            "tumorBorder": (np.array([[4.0], [2.0], [5.5], [3.0]]), "double"),
            "tumorMask": (mask.T.astype(np.uint8), "logical"),
        }
        for name, (values, kind) in fields.items():
            group.create_dataset(name, data=values).attrs["MATLAB_class"] = np.bytes_(kind)
    with path.open("r+b") as stream:
        stream.write(HEADER.ljust(124) + b"\x00\x02IM")


@pytest.fixture
def brain(tmp_path, generator):
    """Four slices in two of the published archives' folders, not square, with the author's folds."""
    created = {}
    persons = ((1, 1, "100360"), (2, 2, "MR024780B"), (10, 2, "MR024780D"), (767, 3, "112649"))
    for number, label, patient in persons:
        folder = "brainTumorDataPublic_1-766" if number < 767 else "brainTumorDataPublic_767-1532"
        image = generator.integers(0, 3000, (12, 16))
        mask = np.zeros((12, 16))
        mask[2:4, 9:14] = 1
        write_slice(tmp_path / "set" / folder / f"{number}.mat", label, patient, image, mask)
        created[str(number)] = image, mask
    with h5py.File(tmp_path / "set" / "cvind.mat", "w", userblock_size=512) as file:
        file.create_dataset("cvind", data=np.ones((1, 4)))
    return tmp_path / "set", created


def test_that_a_slice_of_matlab_keeps_its_rows_columns_and_values(brain):
    folder, created = brain
    records = FigshareBrainTumour().read(folder, Reading()).records
    for record in records:
        image, mask = created[record.id]
        np.testing.assert_array_equal(labelled_slice(record.path).values, image)
        np.testing.assert_array_equal(outline(record.mask, (12, 16)), mask > 0)


def test_that_labels_and_persons_of_the_brain_set_are_those_of_the_files(brain):
    result = FigshareBrainTumour().read(brain[0], Reading())
    # Two examinations of one person are one group; ids are in the order of their numbers.
    assert [(record.id, record.label, record.group) for record in result.records] == [
        ("1", "meningioma", "100360"),
        ("2", "glioma", "MR024780"),
        ("10", "glioma", "MR024780"),
        ("767", "pituitary", "112649"),
    ]
    assert result.grouped_by == "person"
    assert not result.has_parts


def test_that_every_bad_matlab_file_is_named_at_once(brain):
    folder, _ = brain
    (folder / "3.mat").write_bytes(b"MATLAB 5.0 MAT-file" + bytes(200))
    write_slice(folder / "4.mat", 7, "1", np.ones((4, 4)), np.ones((4, 4)))
    write_slice(folder / "5.mat", 1, "1", np.ones((4, 4)), np.ones((3, 4)))
    write_slice(folder / "6.mat", 1, " ", np.ones((4, 4)), np.ones((4, 4)))
    with h5py.File(folder / "8.mat", "w") as file:
        file.create_group("cjdata").create_dataset("image", data=np.ones((4, 4)))
    with pytest.raises(InputError) as caught:
        FigshareBrainTumour().read(folder, Reading())
    message = caught.value.message
    assert "3.mat is not a complete MATLAB 7.3 file" in message
    assert "4.mat has the label 7" in message
    assert "5.mat has a mask of another size" in message
    assert "6.mat has an empty PID" in message
    assert "8.mat lacks cjdata/label, cjdata/PID, cjdata/tumorMask" in message


@pytest.fixture
def films(tmp_path, generator):
    """Two films a class as the database has them: 299 x 299, a mask of 256 x 256 in three channels."""
    root = tmp_path / "COVID-19_Radiography_Dataset"
    for name in ("COVID", "Lung_Opacity", "Normal", "Viral Pneumonia"):
        for number in (1, 2):
            for kind in ("images", "masks"):
                (root / name / kind).mkdir(parents=True, exist_ok=True)
            film = generator.integers(0, 255, (299, 299), np.uint8)
            mask = np.zeros((256, 256, 3), np.uint8)
            mask[:128, 64:192] = 255
            Image.fromarray(film).save(root / name / "images" / f"{name}-{number}.png")
            Image.fromarray(mask).save(root / name / "masks" / f"{name}-{number}.png")
        (root / f"{name}.metadata.xlsx").write_bytes(b"PK")
    (root / "README.md.txt").write_text("COVID-19 CHEST X-RAY DATABASE")
    return tmp_path


@pytest.mark.parametrize("named", ["", "COVID-19_Radiography_Dataset"])
def test_that_the_radiography_database_is_read_from_its_folder_or_the_one_above(films, named):
    assert source(films / named).name == "covid19_radiography"
    result = Covid19Radiography().read(films / named, Reading())
    assert result.classes == ("covid19", "lung_opacity", "normal", "viral_pneumonia")
    assert result.grouped_by == ""
    first = result.records[-1]
    assert (first.id, first.label) == ("Viral Pneumonia-2", "viral_pneumonia")
    lungs = outline(first.mask, labelled_slice(first.path).shape)
    assert lungs.shape == (299, 299)
    # A quarter of the film, within the pixel that 299 / 256 may shift each edge.
    assert lungs.mean() == pytest.approx(0.25, abs=0.003)
    assert lungs[100, 150]
    assert not lungs[200, 150]


def test_that_a_film_without_its_mask_and_a_missing_class_are_reported(films):
    root = films / "COVID-19_Radiography_Dataset"
    (root / "Normal" / "masks" / "Normal-2.png").unlink()
    for number in (1, 2):
        (root / "COVID" / "images" / f"COVID-{number}.png").unlink()
    with pytest.raises(InputError, match=r"COVID/images is missing; Normal-2\.png has no mask"):
        Covid19Radiography().read(films, Reading())


def write_folders(root, names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.zeros((4, 4), np.uint8)).save(path)


def test_that_class_folders_name_classes_and_a_pattern_names_groups(tmp_path):
    write_folders(tmp_path, ["ill/person7_1.png", "ill/deep/person7_2.png", "well/person8_1.jpg"])
    (tmp_path / "ill" / "notes.txt").write_text("")
    result = ClassFolders().read(tmp_path, Reading(group_pattern=r"(person\d+)_"))
    assert [(record.path.name, record.label, record.part, record.group) for record in result.records] == [
        ("person7_2.png", "ill", "", "person7"),
        ("person7_1.png", "ill", "", "person7"),
        ("person8_1.jpg", "well", "", "person8"),
    ]
    assert result.grouped_by != ""
    assert ClassFolders().read(tmp_path, Reading()).grouped_by == ""


def test_that_folders_of_parts_above_the_classes_are_taken_and_checked(tmp_path):
    names = [
        f"{part}/{name}/person{i}.png" for i, part in enumerate(("train", "val", "test")) for name in "ab"
    ]
    write_folders(tmp_path, names)
    result = ClassFolders().read(tmp_path, Reading())
    assert result.has_parts
    assert {record.part for record in result.records} == {"train", "val", "test"}
    write_folders(tmp_path, ["test/a/person0.png"])
    with pytest.raises(InputError, match="group person0 is in test and train"):
        ClassFolders().read(tmp_path, Reading(group_pattern=r"(person\d+)"))


@pytest.mark.parametrize("pattern", ["person", "(person"])
def test_that_a_pattern_that_names_no_group_is_refused(tmp_path, pattern):
    write_folders(tmp_path, ["a/1.png", "b/1.png"])
    with pytest.raises(UsageError, match="person"):
        ClassFolders().read(tmp_path, Reading(group_pattern=pattern))


def test_that_a_name_without_the_group_is_reported(tmp_path):
    write_folders(tmp_path, ["a/person1.png", "b/other.png"])
    with pytest.raises(InputError, match=r"the name of other\.png does not hold the group pattern"):
        ClassFolders().read(tmp_path, Reading(group_pattern=r"(person\d+)"))


def test_that_ids_distinguish_files_of_one_name_and_name_no_folder(tmp_path):
    write_folders(tmp_path, ["ill/SURNAME_A/1.png", "ill/SURNAME_B/1.png", "well/SURNAME_A/1.png"])
    ids = [each.id for each in ClassFolders().read(tmp_path, Reading()).records]
    assert len(set(ids)) == 3
    assert all(each.startswith("1.png ") and "SURNAME" not in each for each in ids)
    # They stay the same wherever the folder lies.
    tmp_path.joinpath("moved").mkdir()
    for name in ("ill", "well"):
        (tmp_path / name).rename(tmp_path / "moved" / name)
    assert [each.id for each in ClassFolders().read(tmp_path / "moved", Reading()).records] == ids


def test_that_one_class_alone_is_refused(tmp_path):
    write_folders(tmp_path, ["a/1.png", "a/2.png"])
    with pytest.raises(InputError, match="only the class a"):
        ClassFolders().read(tmp_path, Reading())


def test_that_each_form_is_recognised_by_its_pattern(brain, films, tmp_path):
    index = tmp_path / "index.csv"
    index.write_text("id\n")
    write_folders(tmp_path / "plain", ["a/1.png"])
    recognised = [source(path).name for path in (brain[0], films / FOLDER, tmp_path / "plain", index)]
    assert recognised == [each.name for each in SOURCES]
    assert source(films, "class_folders").name == "class_folders"
    with pytest.raises(UsageError, match="'figshare'"):
        source(films, "figshare")
    with pytest.raises(Unreadable, match="nowhere"):
        source(tmp_path / "nowhere")


def test_that_the_hash_of_a_folder_follows_names_and_contents(tmp_path):
    write_folders(tmp_path, ["a/1.png", "b/1.png"])
    before = ClassFolders().read(tmp_path, Reading()).sha256
    assert ClassFolders().read(tmp_path, Reading()).sha256 == before
    (tmp_path / "b" / "1.png").rename(tmp_path / "b" / "2.png")
    renamed = ClassFolders().read(tmp_path, Reading()).sha256
    Image.fromarray(np.ones((4, 4), np.uint8)).save(tmp_path / "b" / "2.png")
    assert len({before, renamed, ClassFolders().read(tmp_path, Reading()).sha256}) == 3


def test_that_a_mask_of_another_field_of_view_is_refused(tmp_path):
    Image.fromarray(np.zeros((20, 30), np.uint8)).save(tmp_path / "mask.png")
    with pytest.raises(InputError, match="30 x 20 pixels, its image 40 x 40"):
        outline(tmp_path / "mask.png", (40, 40))


def test_that_training_reads_masks_as_everything_else_does(tmp_path):
    marked = np.zeros((20, 30), bool)
    marked[4:9, 6:21] = True
    clear = np.zeros((20, 30, 4), np.uint8)
    clear[..., 3] = marked * 255
    Image.fromarray(clear).save(tmp_path / "clear.png")
    palette = Image.fromarray(marked.astype(np.uint8))
    palette.putpalette([255, 255, 255, 0, 0, 0])
    palette.save(tmp_path / "palette.png")
    for name in ("clear.png", "palette.png"):
        np.testing.assert_array_equal(outline(tmp_path / name, (20, 30)), marked)
