"""The documents of commands that make a bundle or measure it."""

from core.results.document import Document
from core.results.listing import ModelEntry


class TrainDocument(Document, name="train"):
    """`saliscope train --json`. folder: the name of the one in which the bundle was written."""

    model: ModelEntry
    folder: str


class ReportDocument(Document, name="report"):
    """`saliscope report --json`. folder: the name of the bundle's, with card, metrics and figures."""

    model: ModelEntry
    folder: str
