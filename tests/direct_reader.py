"""The interface of the reader process, implemented in this process."""

from core.readers.index import contents_of, index_path, read
from core.readers.mask_slice import read_mask_slice
from core.readers.volumes import read_plane


class DirectReader:
    """Decodes in this process, for tests that are not about the reader process."""

    def __enter__(self):
        return self

    def __exit__(self, *end):
        pass

    def index(self, path):
        return index_path(path)

    def contents(self, path):
        return contents_of(path.absolute())

    def read(self, entry, frame):
        return read(entry, frame)

    def read_plane(self, entry, volume, axis, index):
        return read_plane(entry, volume, axis, index)

    def read_mask(self, entry, place):
        return read_mask_slice(entry, place)
