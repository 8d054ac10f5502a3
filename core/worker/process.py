"""The worker process seen from the one that starts it; loads nothing of the framework."""

from core.link import Child
from core.processes import command_of
from core.worker.messages import ANSWERS


def start_worker() -> Child:
    """Spawn the worker; its link takes `WorkerRequest` and gives `WorkerAnswer` messages, first Ready."""
    return Child.start(command_of("worker"), ANSWERS)
