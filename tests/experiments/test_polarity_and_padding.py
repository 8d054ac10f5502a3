"""A negative and a ring of padding change none of the answers of the shipped models."""

from tests.experiments.polarity_and_padding import rows


def test_that_as_many_images_are_right_however_they_are_stored(tmp_path):
    """Eight images a model; the script itself takes 24."""
    for model, name, images, right, changed in rows(tmp_path, most=8):
        if name == "PNG":
            plain = right
        assert (images, right, changed) == (8, plain, 0), (model, name)
