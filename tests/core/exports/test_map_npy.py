"""Maps as arrays: the bits as they were computed, and facts that name nobody."""

import json
from io import BytesIO

import numpy as np

from core.exports.map_npy import MapNpy, MapNpyParams
from tests.core.exports.subjects import subject_of


def test_that_the_array_has_the_bits_of_the_map_and_the_facts_say_how_it_was_made():
    subject = subject_of("map-2")
    files = MapNpy().files(subject, MapNpyParams())
    assert list(files) == [".npy", ".json"]
    values = np.load(BytesIO(files[".npy"]), allow_pickle=False)
    assert values.dtype == np.float32
    assert values.tobytes() == subject.data.arrays["case-1-map-2"].tobytes()
    facts = json.loads(files[".json"])
    assert facts["schema"] == "saliscope/exported-map/1"
    assert facts["method"]["parameters"] == {"steps": 8}
    assert facts["statement"]["method"]["seed"] == 3
    assert facts["grid"]["box"] == [-10.5, -0.5, 49.5, 59.5]
    assert facts["findings"] == []
    assert b"slice.dcm" not in files[".json"]
    assert b"/data" not in files[".json"]
