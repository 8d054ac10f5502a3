"""The panels that nobody sees at the start. Their modules are loaded when they are built."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.window.states.session import Session
from app.window.widgets.explain_button import ExplainButton

if TYPE_CHECKING:
    from app.window.panels.agreement import AgreementPanel
    from app.window.panels.curves import CurvesPanel
    from app.window.panels.layers import LayersPanel
    from app.window.panels.model import ModelPanel
    from app.window.panels.network import NetworkPanel
    from app.window.panels.reveal import RevealPanel
    from app.window.panels.sanity import SanityPanel


def make_sanity(session: Session) -> "SanityPanel":
    from app.window.panels.sanity import SanityPanel

    panel = SanityPanel(session.sanity, session.image)
    panel.pages.offer(ExplainButton(session))
    return panel


def make_curves(session: Session) -> "CurvesPanel":
    from app.window.panels.curves import CurvesPanel

    return CurvesPanel(session.curves)


def make_reveal(session: Session, draw_curves: Callable[[], object]) -> "RevealPanel":
    from app.window.panels.reveal import RevealPanel

    panel = RevealPanel(session.reveal)
    panel.curves_asked.connect(draw_curves)
    return panel


def make_agreement(session: Session) -> "AgreementPanel":
    from app.window.panels.agreement import AgreementPanel

    panel = AgreementPanel(session.agreement, session.maps, session.image)
    panel.pages.offer(ExplainButton(session))
    return panel


def make_layers(session: Session) -> "LayersPanel":
    from app.window.panels.layers import LayersPanel

    return LayersPanel(session.layers, session.image)


def make_model(session: Session, close: Callable[[], object]) -> "ModelPanel":
    from app.window.panels.model import ModelPanel

    panel = ModelPanel(session.prediction, session.placing)
    panel.close_asked.connect(close)
    return panel


def make_network(
    session: Session,
    close: Callable[[], object],
    show_help: Callable[[str], object],
    save: Callable[[bytes], object],
) -> "NetworkPanel":
    from app.window.panels.network import NetworkPanel

    panel = NetworkPanel(session.network_pictures)
    panel.close_asked.connect(close)
    panel.help_asked.connect(show_help)
    panel.save_asked.connect(save)
    return panel
