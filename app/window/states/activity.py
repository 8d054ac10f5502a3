"""What is going on in a session, in words for the status bar."""

from app.texts import explain as texts_explain
from app.texts import header as texts_header
from app.texts import image as texts_image
from app.texts import layers as texts_layers
from app.texts import model as texts_model
from app.texts import region as texts_region
from app.texts import reveal as texts_reveal
from app.texts import window as texts
from app.texts import workspace as texts_workspace
from app.window.states.session import Session


def activity_of(session: Session) -> tuple[str, float | None]:
    """What is going on, in words, and the share done where it is known."""
    explain, curves = session.explain, session.curves
    if explain.running or curves.at_work:
        share, text = (explain if explain.running else curves).progress
        if text:  # control maps alone take no time that is worth a word
            return text, share
    on_slices = _activity_on_slices(session)
    if on_slices[0]:
        return on_slices
    if session.cases.listing.is_running:
        return session.cases.listing.progress
    writing = session.files.running_job
    if writing is not None and not writing.is_background:
        return texts_workspace.FILES_AT_WORK, None
    if session.deidentification.running:
        return texts_header.EXPORTING, session.deidentification.share
    return (texts.READING, None) if session.cases.reading else _background_activity(session)


def _activity_on_slices(session: Session) -> tuple[str, float | None]:
    """What is done with every slice of a volume."""
    state, region = session.slice_scan, session.largest_region
    if state.running and state.scan is not None:
        return texts_image.scanning(state.scan.stack.class_words), state.scan.progress
    return (texts_region.MEASURING_REGIONS, region.share) if region.running else ("", None)


def _background_activity(session: Session) -> tuple[str, float | None]:
    """Pictures of the network, checks, and what else the worker does beside maps and curves."""
    if session.network_pictures.running:
        return session.network_pictures.progress
    part, check = session.checks.progress
    if check or not session.worker.open_jobs or session.occluder.running:
        return check, part  # a dragged patch shows its own answers
    if session.calibration.running:
        return texts_explain.MEASURING_SPEED, None
    if session.placing.running:
        return texts_model.PLACING, None
    if session.layers.running:
        return texts_layers.COMPUTING, None
    return (texts_reveal.MAKING_PICTURES if session.reveal.pictures.making else texts.PREDICTING), None
