"""The actions of the overlay: the map over the image."""

from app.window.actions.binding import ActionGroup, Binding
from app.window.states.image import OPACITY_STEP
from app.window.states.session import Session


def overlay_actions(session: Session) -> ActionGroup:
    """How the map is laid over the image."""
    image = session.image
    return ActionGroup(
        {
            "overlay": Binding(
                lambda: image.set_overlay_on(not image.overlay_on), is_checked=lambda: image.overlay_on
            ),
            "less_opacity": Binding(lambda: image.set_opacity(image.opacity - OPACITY_STEP)),
            "more_opacity": Binding(lambda: image.set_opacity(image.opacity + OPACITY_STEP)),
            "cells": Binding(
                lambda: image.set_native_cells(not image.native_cells),
                is_checked=lambda: image.native_cells,
            ),
        },
        (image.overlay_changed,),
    )
