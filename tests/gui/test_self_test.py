"""The self-test itself, with everything real: what it writes must be true."""

import json

import numpy as np
import pytest
from PIL import Image

from app.window.self_test import SelfTestResult, run_self_test
from core.samples import samples


@pytest.mark.timeout(600)
def test_that_the_self_test_leaves_a_picture_and_what_it_found(qapp, tmp_path) -> None:
    result = run_self_test(tmp_path / "out")
    assert result.errors == ()
    assert result.ok
    written = json.loads((tmp_path / "out" / "self-test.json").read_text(encoding="utf-8"))
    assert SelfTestResult.model_validate(written) == result
    assert written["schema"] == "saliscope/self-test/1"
    assert [method.name for method in result.methods] == [
        "grad_cam",
        "integrated_gradients",
        "random",
        "edge",
    ]
    assert {(s.method, s.kind) for s in result.curves} == {
        (method, kind)
        for method in ("grad_cam", "integrated_gradients", "random", "edge")
        for kind in ("aic", "sic")
    }
    # Grad-CAM draws nothing at random.
    assert [(f.metric, f.values["spearman"]) for f in result.findings] == [("repeatability", 1.0)]
    assert result.first_window_seconds > 0
    picture = np.asarray(Image.open(tmp_path / "out" / result.screenshot).convert("RGB")).astype(int)
    assert picture.shape[:2] == (1000, 1600)
    # In the middle of the window lies the sample, coloured by the overlay; the head keeps its
    # proportions.
    field = picture[150:550, 400:1050]
    assert (np.ptp(field, axis=2) > 60).mean() > 0.01
    sample = np.asarray(Image.open(samples()[0].path)).astype(float)
    rows, columns = np.flatnonzero(sample.max(axis=1) > 60), np.flatnonzero(sample.max(axis=0) > 60)
    # Below the words above the image; blue: the least tinted by the overlay's yellow.
    blue_channel = picture[130:640, 500:1060, 2].astype(float)
    bright = blue_channel > 60
    ratio = np.ptp(np.flatnonzero(bright.any(axis=0))) / np.ptp(np.flatnonzero(bright.any(axis=1)))
    assert ratio == pytest.approx(np.ptp(columns) / np.ptp(rows), rel=0.05)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["screenshot.png", "self-test.json"]
