"""The options of reports."""

from pydantic import Field

from core.exports.report.content import Extent
from core.network.parameters import Parameters


class ReportParams(Parameters):
    """Options of the report on one page."""

    extent: Extent = Field(
        "clinical",
        description="clinical: one page with image, prediction, one map and its checks; full: all maps with"
        " parameters, checks, curves and regions",
    )
    map: str = Field(
        "",
        max_length=100,
        description="the map on the one page, by its id or the name of its method; empty: the one shown, else"
        " the one of whose checks most answered yes and fewest no",
    )
    label: str = Field(
        "", max_length=80, description="a text at the top, such as the number of the case in your study"
    )
    file_name: bool = Field(False, description="state the name of the image file, which may name the patient")


class FullReportParams(ReportParams):
    """The same, with everything unless one page is chosen."""

    extent: Extent = Field("full", description=str(ReportParams.model_fields["extent"].description))
