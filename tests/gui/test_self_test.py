"""The self-test itself, with everything real: what it writes must be true."""

import json

import numpy as np
import pytest
from PIL import Image

from app.self_test import SelfTestResult, run_self_test


@pytest.mark.timeout(600)
def test_that_the_self_test_leaves_a_picture_and_what_it_found(qapp, tmp_path) -> None:
    result = run_self_test(tmp_path / "out")
    assert result.errors == ()
    assert result.ok
    written = json.loads((tmp_path / "out" / "self-test.json").read_text(encoding="utf-8"))
    assert SelfTestResult.model_validate(written) == result
    assert written["schema"] == "saliscope/self-test/1"
    assert [method.name for method in result.methods] == ["grad_cam", "integrated_gradients"]
    assert {(s.method, s.kind) for s in result.curves} == {
        (method, kind)
        for method in ("grad_cam", "integrated_gradients", "random", "edge")
        for kind in ("aic", "sic")
    }
    assert result.first_window_seconds > 0
    picture = np.asarray(Image.open(tmp_path / "out" / result.screenshot).convert("RGB")).astype(int)
    assert picture.shape[:2] == (1000, 1600)
    # In the middle of the window the picture is grey tissue under a coloured overlay.
    field = picture[150:550, 400:1050]
    assert (np.ptp(field, axis=2) > 60).mean() > 0.01
    assert (np.ptp(field, axis=2) < 10).mean() > 0.2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["screenshot.png", "self-test.json"]
