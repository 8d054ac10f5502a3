"""Figures as SVG and PDF: text stays text, and the same figure gives the same bytes."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CREATOR = "Saliscope"
# Text as text in SVG; whole TrueType fonts in PDF (42), whose text can be searched and copied.
SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": CREATOR, "pdf.fonttype": 42}


def svg_bytes(figure: "Figure", title: str, description: str) -> bytes:
    """A figure as SVG. description: of its origin, for the file's metadata."""
    from matplotlib import rc_context

    buffer = BytesIO()
    facts = {"Title": title, "Description": description, "Creator": CREATOR, "Date": None}
    with rc_context(SETTINGS):
        figure.savefig(buffer, format="svg", dpi=figure.dpi, metadata=facts)
    return buffer.getvalue()


def pdf_bytes(figures: Sequence["Figure"], title: str, description: str) -> bytes:
    """Figures as PDF, one on a page. description: of their origin, for the file's metadata."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import PdfPages

    buffer = BytesIO()
    facts: Mapping[str, Any] = {
        "Title": title,
        "Subject": description,
        "Creator": CREATOR,
        "CreationDate": None,
    }
    with rc_context(SETTINGS), PdfPages(buffer, metadata=dict(facts)) as pages:
        for figure in figures:
            pages.savefig(figure)
    return buffer.getvalue()
