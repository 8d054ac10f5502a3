"""Results of tasks, written down."""

from core.datasets.task import FigureRow, SampledCurve, TaskResult

PLACES = 101


def result(image, group, gaps, repeat=0, reasons=None, curves=None, left_out=False):
    """gaps: of SIC by cells/area, by method; reasons: words by method."""
    rows = [
        FigureRow(method=name, metric="sic", setting="cells/area", figure="gap", value=value)
        for name, value in gaps.items()
    ]
    rows += [
        FigureRow(
            method=name,
            metric="sic",
            setting="cells/area",
            figure="gap",
            reason=reason,
            sentence=f"It is {reason}.",
        )
        for name, reason in (reasons or {}).items()
    ]
    return TaskResult(
        fingerprint=f"{image} {repeat}",
        image=image,
        file=f"{image}.png",
        label="glioma",
        group=group,
        repeat=repeat,
        left_out=left_out,
        rows=tuple(rows),
        curves=tuple(
            SampledCurve(method=name, setting="cells/area", kind="sic", direction="top", y=(height,) * PLACES)
            for name, height in (curves or {}).items()
        ),
    )
