"""The actions of the overlay: the map over the image."""

from functools import partial

from app.window.actions.binding import ActionGroup, Binding
from app.window.states.overlay_style import OPACITY_STEP, THRESHOLD_STEP
from app.window.states.session import Session


def overlay_actions(session: Session) -> ActionGroup:
    """How the map is laid over the image."""
    image, style = session.image, session.image.style
    return ActionGroup(
        {
            "overlay": Binding(
                lambda: image.set_overlay_on(not image.overlay_on), is_checked=lambda: image.overlay_on
            ),
            "hide_overlay": Binding(partial(image.hide_overlay, True)),
            "less_opacity": Binding(lambda: style.set_opacity(style.opacity - OPACITY_STEP)),
            "more_opacity": Binding(lambda: style.set_opacity(style.opacity + OPACITY_STEP)),
            "lower_threshold": Binding(lambda: style.set_threshold(style.threshold - THRESHOLD_STEP)),
            "raise_threshold": Binding(lambda: style.set_threshold(style.threshold + THRESHOLD_STEP)),
            "outline": Binding(
                lambda: style.set_outline(not style.has_outline), is_checked=lambda: style.has_outline
            ),
            "contours": Binding(
                lambda: style.set_contours(not style.has_contours), is_checked=lambda: style.has_contours
            ),
            "cells": Binding(
                lambda: style.set_native_cells(not style.native_cells), is_checked=lambda: style.native_cells
            ),
        },
        (image.overlay_changed,),
    )
