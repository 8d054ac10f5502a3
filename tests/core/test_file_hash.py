"""The hash of a file."""

import pytest

from core.file_hash import file_sha256, sha256_if_readable


def test_that_the_hash_of_a_file_is_the_one_of_its_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1
    assert file_sha256(tmp_path / "a") == digest
    with pytest.raises(OSError, match="No such file"):
        file_sha256(tmp_path / "none")


def test_that_what_cannot_be_read_has_an_empty_hash_where_that_is_allowed(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_if_readable(tmp_path / "a") == file_sha256(tmp_path / "a")
    assert [sha256_if_readable(path) for path in (tmp_path / "none", tmp_path)] == ["", ""]
