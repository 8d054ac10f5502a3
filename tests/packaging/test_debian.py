"""The Debian package: control file, dependencies, what lies where, and the files that a desktop reads."""

import configparser
import gzip
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from builder import debian
from builder.__main__ import DESCRIPTION, SUMMARY
from builder.icons import draw_icons
from builder.manual import EXIT_CODES, escaped, manual_page

from app.command_line.group import saliscope
from core import errors
from core.readers.index import READERS
from core.readers.other_formats import WORKSPACE_SUFFIX
from core.system_libraries import ALL_LIBRARIES, FONTS_PACKAGE

MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


@pytest.fixture
def linux(repository: Path) -> Path:
    return repository / "packaging" / "linux"


@pytest.fixture
def entry(linux: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(linux / "saliscope.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


@pytest.fixture(scope="module")
def manual() -> str:
    return manual_page(saliscope, "1.2.3", 1_700_000_000)


def test_that_the_control_file_has_what_dpkg_needs():
    needed = debian.dependencies(ALL_LIBRARIES, FONTS_PACKAGE, "2.36")
    text = debian.control_file("1.2.3", 12345, needed, SUMMARY, DESCRIPTION)
    fields = dict(re.findall(r"^([A-Z][\w-]*): (.*)$", text, re.MULTILINE))
    assert fields["Package"] == "saliscope"
    assert (fields["Version"], fields["Architecture"], fields["Installed-Size"]) == (
        "1.2.3",
        "amd64",
        "12345",
    )
    assert len(fields["Description"]) <= 80
    assert set(fields["Depends"].split(", ")) == {
        "libc6 (>= 2.36)",
        *ALL_LIBRARIES.values(),
        f"{FONTS_PACKAGE} | fonts-freefont-ttf",
    }
    after = text.partition("Description: ")[2].splitlines()[1:]
    assert after
    assert all(line == " ." or (line.startswith(" ") and line.strip()) for line in after)
    assert text.endswith("\n")


def test_that_the_newest_c_library_that_a_file_names_is_needed(tmp_path):
    (tmp_path / "a.so").write_bytes(b"\x7fELF..GLIBC_2.4\0GLIBC_2.28\0")
    (tmp_path / "b.so").write_bytes(b"\x7fELF..GLIBC_2.17\0")
    (tmp_path / "c.txt").write_bytes(b"GLIBC_2.99")
    assert debian.needed_glibc(tmp_path) == "2.28"


def test_that_a_package_is_built_with_the_files_in_their_places_and_the_same_each_time(
    tmp_path, linux, repository, qapp, manual
):
    icons = tmp_path / "icons"
    draw_icons(repository / "resources" / "icons" / "saliscope.svg", icons, debian.ICON_SIZES)
    built = []
    for name in ("first", "second"):
        root = tmp_path / name
        (root / debian.PROGRAM_FOLDER).mkdir(parents=True)
        (root / debian.PROGRAM_FOLDER / "saliscope").touch(mode=0o755)
        debian.add_system_files(root, linux, icons, manual, "changes", 1_700_000_000)
        control = debian.control_file("1.2.3", 1, ["libc6"], SUMMARY, DESCRIPTION)
        debian.build_package(root, control, tmp_path / f"{name}.deb", 1_700_000_000)
        built.append((tmp_path / f"{name}.deb").read_bytes())
    assert built[0] == built[1]
    command = ["dpkg-deb", "--contents", str(tmp_path / "first.deb")]
    rows = [row.split() for row in subprocess.check_output(command, text=True).splitlines()]
    assert {row[1] for row in rows} == {"root/root"}
    files = {row[5].removeprefix("./"): row[0] for row in rows if not row[5].endswith("/")}
    assert set(files) == {
        "opt/saliscope/saliscope",
        "usr/bin/saliscope",
        "usr/share/applications/saliscope.desktop",
        "usr/share/doc/saliscope/changelog.gz",
        "usr/share/doc/saliscope/copyright",
        "usr/share/icons/hicolor/scalable/apps/saliscope.svg",
        *(f"usr/share/icons/hicolor/{n}x{n}/apps/saliscope.png" for n in debian.ICON_SIZES),
        "usr/share/man/man1/saliscope.1.gz",
        "usr/share/metainfo/saliscope.metainfo.xml",
        "usr/share/mime/packages/saliscope.xml",
    }
    assert files["opt/saliscope/saliscope"] == "-rwxr-xr-x"
    information = subprocess.check_output(["dpkg-deb", "--info", str(tmp_path / "first.deb")], text=True)
    assert not re.search(r"\b(pre|post)(inst|rm)\b", information)
    assert (
        gzip.decompress((tmp_path / "first/usr/share/man/man1/saliscope.1.gz").read_bytes()).decode()
        == manual
    )


def test_that_the_desktop_entry_is_valid(linux, entry):
    assert set(entry) >= {"Type", "Name", "Exec", "Icon", "Categories", "MimeType"}
    assert entry["Exec"] == "saliscope %F"
    assert all(entry[key].endswith(";") for key in ("Categories", "Keywords", "MimeType"))
    if validate := shutil.which("desktop-file-validate"):
        done = subprocess.run(
            [validate, linux / "saliscope.desktop"], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "")


def test_that_every_type_of_the_desktop_entry_is_declared_or_known_to_every_system(linux, entry):
    tree = ElementTree.parse(linux / "saliscope.xml")
    declared = {kind.get("type"): kind for kind in tree.iter(f"{MIME}mime-type")}
    assert set(entry["MimeType"].strip(";").split(";")) == {*declared, "application/dicom"}
    suffixes = {
        name: {glob.get("pattern", "").removeprefix("*") for glob in kind.iter(f"{MIME}glob")}
        for name, kind in declared.items()
    }
    assert suffixes["application/x-saliscope-workspace"] == {WORKSPACE_SUFFIX}
    (nifti,) = (reader for reader in READERS if reader.name.lower() == "nifti")
    assert suffixes["application/x-nifti"] <= set(nifti.suffixes)


def test_that_the_metadata_for_software_centres_names_the_entry_and_the_licence(linux):
    root = ElementTree.parse(linux / "saliscope.metainfo.xml").getroot()
    assert root.findtext("launchable") == "saliscope.desktop"
    assert root.findtext("project_license") == "Apache-2.0"


def test_that_the_manual_page_has_every_command_with_every_option(manual):
    for name, command in saliscope.commands.items():
        assert f".SS {escaped(name)}\n" in manual
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert escaped(option) in manual


def test_that_the_manual_page_is_read_without_a_warning(manual, tmp_path):
    assert '.TH SALISCOPE 1 "2023-11-14" "Saliscope 1.2.3"' in manual
    assert "\b" not in manual
    if groff := shutil.which("groff"):
        done = subprocess.run(
            [groff, "-man", "-Tutf8", "-ww", "-Kutf8"],
            input=manual,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "saliscope self-test" in re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


def test_that_a_line_of_the_manual_page_never_becomes_a_request():
    assert escaped(".saliscope files") == r"\&.saliscope files"
    assert escaped(r"a\b --set") == r"a\eb \-\-set"


def test_that_the_manual_page_names_the_exit_codes_of_the_program():
    defined = {
        value.exit_code
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.SaliscopeError)
    }
    assert defined <= set(EXIT_CODES)
