"""`saliscope models`: the label as text, and the comparison."""

import re

from core.models.bundle import RESOURCES


def test_that_a_model_is_shown_as_in_the_window(saliscope, bundle):
    out = saliscope("models", bundle).out
    assert "Excluded uses\n  Anything else." in out
    assert re.search(r"\n  Macro-F1 +0\.50 \(0\.40 to 0\.60\)\n", out)
    assert "sha256 " + "0" * 64 in out
    assert "On the test part, by class:" in out
    assert re.search(r"\n  class +precision +recall +F1 +images\n  glioma +0\.50 +0\.50 +0\.50 +2\n", out)


def test_that_the_comparison_is_written_as_the_committed_page(saliscope, tmp_path):
    ran = saliscope("models", "--compare", "--out", tmp_path / "new")
    assert "DenseNet121" in ran.out
    for name in ("models.md", "models.svg"):
        assert (tmp_path / "new" / name).read_bytes() == (RESOURCES / "help" / name).read_bytes()


def test_that_a_comparison_of_one_model_is_refused(saliscope):
    assert "--compare compares all models" in saliscope("models", "any", "--compare").one_error
    assert "Only a comparison" in saliscope("models", "--out", "here").one_error
