"""What is behind one finding: its sentence, its figures, and the steps with their maps."""

from dataclasses import dataclass, replace

from app.texts import checks as texts
from app.window.states.check_results import CheckResult
from app.window.states.shading import Overlay, full_colour
from core.checks import check_named
from core.checks.figures import CheckFigure


@dataclass(frozen=True, slots=True, eq=False)
class StepPoint:
    """One step behind a finding: its name, its figures, and the map that was made, where there is one."""

    label: str
    figures: dict[str, float]
    overlay: Overlay | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FindingDetails:
    """name: of the check, empty without one. own_overlay: the checked map, beside those of the steps."""

    name: str
    check: CheckResult
    obstacle: str
    own_overlay: Overlay | None

    @property
    def sentence(self) -> str:
        """What the check gave, how far it has come, or what it asks."""
        if not self.name:
            return ""
        if self.check.error is not None:
            return str(self.check.error)
        if self.check.finding is not None:
            return self.check.finding.sentence
        return self.obstacle or check_named(self.name).summary

    @property
    def figures(self) -> tuple[tuple[str, float], ...]:
        """The finding's figures with their names, its headline first."""
        finding = self.check.finding
        if finding is None:
            return ()
        check = check_named(self.name)
        names = sorted(finding.values, key=lambda name: name != check.headline)
        return tuple((check.figure(name).title, finding.values[name]) for name in names)

    @property
    def points(self) -> tuple[StepPoint, ...]:
        """The steps behind the finding, as far as they are there."""
        if self.check.finding is None:
            return ()
        steps, base = self.check.finding.steps, self.own_overlay
        drawn = {figure.name for figure in check_named(self.name).figures if figure.over_steps}
        maps = [*self.check.maps, *[None] * len(steps)]
        return tuple(
            StepPoint(
                texts.step_label(step, at),
                {key: value for key, value in step.items() if isinstance(value, float) and key in drawn},
                replace(base, values=values, full=full_colour(values))
                if base is not None and values is not None
                else None,
            )
            for at, (step, values) in enumerate(zip(steps, maps, strict=False), start=1)
        )

    @property
    def series(self) -> tuple[CheckFigure, ...]:
        """The figures that the steps hold, the headline first."""
        if not self.name:
            return ()
        check, names = check_named(self.name), {name for point in self.points for name in point.figures}
        held = (figure for figure in check.figures if figure.name in names)
        return tuple(sorted(held, key=lambda figure: figure.name != check.headline))
