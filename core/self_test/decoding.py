"""The trials of the decoders: one file of each transfer syntax, in the reader process."""

from collections.abc import Iterator
from functools import partial

from core.errors import Unreadable
from core.images.slice import Slice
from core.readers.process import ReaderProcess
from core.self_test.stored_files import ADVICE, StoredFile, stored_files, values_hash
from core.self_test.trial import Trial, TrialFailed

GROUP = "Decoders"


def decoding_trials(reader: ReaderProcess) -> Iterator[Trial]:
    """One for each stored file, or one that fails because their list cannot be read."""
    try:
        files = stored_files()
    except Unreadable as error:
        yield Trial(GROUP, "Stored files", partial(_fail, error))
        return
    for stored in files:
        yield Trial(GROUP, stored.title, partial(_decode, reader, stored))


def stored_slice(reader: ReaderProcess, stored: StoredFile) -> Slice:
    """The image of a stored file. Raises InputError, ResourceError."""
    (entry,) = reader.index(stored.path)
    image, _ = reader.read(entry, 0)
    return image


def _fail(error: Unreadable) -> str:
    raise error


def _decode(reader: ReaderProcess, stored: StoredFile) -> str:
    values = stored_slice(reader, stored).values
    decoded = values_hash(values)
    if decoded != stored.values_sha256:
        raise TrialFailed(
            f"The decoded pixels have the hash {decoded[:12]}, and {stored.values_sha256[:12]} is stored.",
            ADVICE,
        )
    return f"{values.shape[0]} x {values.shape[1]} pixels were decoded; their hash is {decoded[:12]}."
