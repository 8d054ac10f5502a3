"""Images on both sides of the worker's pipe: each crosses once and is named by its digest after that.

Both sides keep the same few images by the same rule, so that the sender knows what the worker still has.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, TypeVar

from core.arrays import Array
from core.errors import UnknownSubject
from core.images.digest import digest_of
from core.images.slice import Slice
from core.images.slice_message import SliceMessage
from core.link import Link, Message
from core.models.preprocessing import Preprocessing, Subject
from core.worker.messages import SubjectMessage, SubjectRequest

KEPT_SUBJECTS = 8
KEPT_BYTES = 256 * 2**20

Entry = TypeVar("Entry")


class RecentEntries(Generic[Entry]):
    """The last few entries that were used: at most KEPT_SUBJECTS, and KEPT_BYTES if there are several."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, tuple[int, Entry]] = OrderedDict()

    def use(self, digest: str) -> Entry | None:
        """The entry, which becomes the last one used; None if it is not kept."""
        if digest not in self._entries:
            return None
        self._entries.move_to_end(digest)
        return self._entries[digest][1]

    def keep(self, digest: str, size_bytes: int, entry: Entry) -> None:
        """Keep an entry as the last one used; those used longest ago make room for it."""
        self._entries[digest] = size_bytes, entry
        self._entries.move_to_end(digest)
        while len(self._entries) > 1 and (len(self._entries) > KEPT_SUBJECTS or self._bytes() > KEPT_BYTES):
            self._entries.popitem(last=False)

    def drop(self, digest: str) -> None:
        """Forget an entry, if it is kept."""
        self._entries.pop(digest, None)

    def _bytes(self) -> int:
        return sum(size_bytes for size_bytes, _ in self._entries.values())


class SubjectSender:
    """Sends requests to one worker process, each image before the first request about it.

    May be used from one thread at a time.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._sent: RecentEntries[str] = RecentEntries()

    def send(
        self,
        message: Message,
        arrays: Sequence[Array] = (),
        job: int = 0,
        image: Slice | None = None,
        is_repeat: bool = False,
    ) -> None:
        """Send a message of a job, with arrays of any shape; `image` is what a SubjectRequest is about.

        is_repeat: the worker answered that it does not have the image, which is sent again.

        Raises LinkError as `Link.send`.
        """
        if image is not None and isinstance(message, SubjectRequest):
            digest = self._send_image(image, is_repeat)
            message = message.model_copy(update={"subject": digest})
        self._link.send(message, arrays, job)

    def _send_image(self, image: Slice, is_repeat: bool) -> str:
        facts, arrays = SliceMessage.of(image)
        digest = digest_of(image)
        if is_repeat:
            self._sent.drop(digest)
        if self._sent.use(digest) is None:
            self._link.send(SubjectMessage(digest=digest, image=facts), arrays)
            self._sent.keep(digest, _size_bytes(arrays), digest)
        return digest


class SubjectStore:
    """The worker's side: the last few images, each with what the networks see of it."""

    def __init__(self) -> None:
        self._images: RecentEntries[tuple[Slice, dict[Preprocessing, Subject]]] = RecentEntries()

    def add(self, message: SubjectMessage, arrays: Sequence[Array]) -> None:
        """Keep an image of arrays (rows, columns) and (4, 4).

        Raises ValueError if the arrays are not those of a slice.
        """
        self._images.keep(message.digest, _size_bytes(arrays), (message.image.slice_of(arrays), {}))

    def prepared(self, digest: str, preprocessing: Preprocessing) -> tuple[Slice, Subject]:
        """An image and what a network sees of it. Raises UnknownSubject or NotFinite."""
        entry = self._images.use(digest)
        if entry is None:
            raise UnknownSubject
        image, subjects = entry
        if preprocessing not in subjects:
            subjects[preprocessing] = preprocessing.apply(image)
        return image, subjects[preprocessing]


def _size_bytes(arrays: Sequence[Array]) -> int:
    return sum(array.nbytes for array in arrays)
