"""The reader process's questions, answered here."""

from core.readers.index import index_path, read
from core.readers.mask import read_mask


class DirectReader:
    """Decodes here and not in a process of its own, which most of these tests are not about."""

    def __enter__(self):
        return self

    def __exit__(self, *end):
        pass

    def index(self, path):
        return index_path(path)

    def read(self, entry, frame):
        return read(entry, frame)

    def read_mask(self, entry, frame):
        return read_mask(entry, frame)
