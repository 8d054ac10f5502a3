"""The trials of the methods: each one's map with few network calls, compared with the stored one."""

from collections.abc import Callable, Iterator
from functools import cache, partial

from core.images.slice import Slice
from core.methods import METHODS
from core.methods.contract import Method
from core.number_text import significant
from core.readers.process import ReaderProcess
from core.samples import sample
from core.self_test.models import LoadedModels
from core.self_test.stored_maps import COMMAND, TOLERANCE, explained, stored_map
from core.self_test.trial import Trial, TrialFailed

GROUP = "Methods"


def method_trials(models: LoadedModels, reader: ReaderProcess) -> Iterator[Trial]:
    """One for each method."""

    @cache
    def image_of(sample_id: str) -> Slice:
        (entry,) = reader.index(sample(sample_id).path)
        return reader.read(entry, 0)[0]

    for method in METHODS:
        yield Trial(GROUP, method.title, partial(_compare, method, models, image_of))


def _compare(method: Method, models: LoadedModels, image_of: Callable[[str], Slice]) -> str:
    stored = stored_map(method.name)
    if stored is None:
        raise TrialFailed(f"No map is stored for it (`{COMMAND} {method.name}` makes one).")
    _, values = explained(models.handle(stored.model), image_of(stored.sample), method, stored.parameters)
    difference = stored.difference(values)
    words = f"at most {significant(difference)} of its largest value" if difference else "not at all"
    if not difference <= TOLERANCE:
        raise TrialFailed(
            f"Its map differs from the stored one by {words[8:]}; {significant(TOLERANCE)} is allowed."
        )
    return f"Its map differs from the stored one {words}."
