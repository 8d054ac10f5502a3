"""How measured figures of a card are written for people."""

from core.values import Interval


def figure(found: Interval) -> str:
    """Such as '0.53 (0.44 to 0.62)'."""
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def percent(share: float) -> str:
    """Such as '12 %', the two kept on one line."""
    return f"{100 * share:.0f}\u00a0%"


def duration(seconds: float) -> str:
    """Such as '1 h 39 min'."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
