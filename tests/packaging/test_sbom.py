"""The list of software of a package: complete, repeatable, with the hashes of the lock."""

import json
import re
import shutil
from hashlib import sha256

import pytest
from builder.__main__ import write_sums
from builder.sbom import locked_hashes, sbom, write_sbom
from builder.shared_libraries import shared_libraries

from core.licences import normalised, runtime_packages


@pytest.fixture(scope="module")
def document(repository) -> dict:
    return sbom(repository / "requirements.lock", epoch=1_800_000_000)


def test_that_it_is_a_cyclonedx_document(document) -> None:
    assert (document["bomFormat"], document["specVersion"], document["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", document["serialNumber"])
    assert document["metadata"]["timestamp"] == "2027-01-15T08:00:00+00:00"
    references = [component["bom-ref"] for component in document["components"]]
    assert len(references) == len(set(references))
    assert document["dependencies"][0]["dependsOn"] == references
    for component in document["components"]:
        assert component["licenses"], component["name"]


def test_that_every_package_at_run_time_is_listed_with_the_hashes_of_the_lock(document, repository) -> None:
    lock = (repository / "requirements.lock").read_text(encoding="utf-8")
    listed = {normalised(each["name"]): each for each in document["components"] if each["type"] == "library"}
    assert set(listed) == {normalised(package.metadata["Name"]) for package in runtime_packages(("cpu",))}
    numpy = listed["numpy"]
    assert numpy["purl"] == f"pkg:pypi/numpy@{numpy['version']}"
    hashes = {each["content"] for each in numpy["externalReferences"][0]["hashes"]}
    assert len(hashes) > 5
    assert all(f"--hash=sha256:{digest}" in lock for digest in hashes)


def test_that_models_are_listed_with_the_hashes_of_their_cards(document, repository) -> None:
    models = [each for each in document["components"] if each["type"] == "machine-learning-model"]
    assert models
    for model in models:
        card = json.loads(
            (repository / "resources" / "models" / model["name"] / "model.json").read_text("utf-8")
        )
        assert model["hashes"] == [{"alg": "SHA-256", "content": card["weights_sha256"]}]


def test_that_a_model_left_out_of_the_package_is_not_listed(document, repository, tmp_path) -> None:
    first, *others = [each for each in document["components"] if each["type"] == "machine-learning-model"]
    assert others
    shutil.copytree(repository / "resources" / "models" / first["name"], tmp_path / first["name"])
    again = sbom(repository / "requirements.lock", models=tmp_path)
    assert [each for each in again["components"] if each["type"] == "machine-learning-model"] == [first]


def test_that_the_hashes_of_a_lock_are_read_by_name_and_version() -> None:
    first, second = "a" * 64, "b" * 64
    lock = f"""numpy==2.4.6 ; python_version < '3.13' \\
    --hash=sha256:{first} \\
    --hash=sha256:{second}
    # via keras
tensorflow-cpu[x]==2.21.0 \\
    --hash=sha256:{second}
"""
    assert locked_hashes(lock) == {
        ("numpy", "2.4.6"): [first, second],
        ("tensorflow-cpu", "2.21.0"): [second],
    }


def test_that_it_is_the_same_to_the_byte_each_time(tmp_path, repository) -> None:
    for name in ("first", "second"):
        write_sbom(tmp_path / name, repository / "requirements.lock")
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_that_libraries_of_the_build_system_are_listed_with_version_package_and_hash(
    tmp_path, repository
) -> None:
    for name in ("libffi.so.8", "libssl.so.3", "libwheel-1234.so.5", "libpython3.11.so.1.0", "libnew.so.2"):
        (tmp_path / name).write_bytes(name.encode())
    packages = {"libffi.so.8": ("libffi8", "3.4.4-1"), "libssl.so.3": ("libssl3", "3.0.11-1")}
    found = shared_libraries(tmp_path, {"libwheel-1234.so.5"}, lambda name: packages.get(name, ("", "")))
    assert [(each.file, each.name, each.version, each.licence) for each in found[:3]] == [
        ("libffi.so.8", "libffi", "3.4.4-1", "MIT"),
        ("libnew.so.2", "libnew", "", "see Python-libraries.txt"),
        ("libssl.so.3", "OpenSSL", "3.0.11-1", "Apache-2.0"),
    ]
    # Compiled into Python, whose own modules tell their versions.
    assert {(each.file, each.name) for each in found[3:]} == {("", "mpdecimal"), ("", "zlib")}
    assert all(re.match(r"\d+\.\d", each.version) for each in found[3:])
    document = sbom(repository / "requirements.lock", libraries=found)
    (listed,) = [each for each in document["components"] if each["name"] == "libffi"]
    assert listed["purl"] == "pkg:deb/debian/libffi8@3.4.4-1"
    assert listed["hashes"][0]["content"] == sha256(b"libffi.so.8").hexdigest()
    references = [each["bom-ref"] for each in document["components"]]
    assert len(references) == len(set(references))


def test_that_the_sums_of_packages_are_as_sha256sum_reads_them(tmp_path) -> None:
    (tmp_path / "a.deb").write_bytes(b"a")
    write_sums([tmp_path / "a.deb"], tmp_path / "SHA256SUMS")
    assert (tmp_path / "SHA256SUMS").read_text("utf-8") == f"{sha256(b'a').hexdigest()}  a.deb\n"
