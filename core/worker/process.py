"""The worker process seen from the one that starts it; loads nothing of the framework."""

from core.link import Child
from core.models.device import DeviceChoice
from core.processes import command_of
from core.worker.messages import ANSWERS


def start_worker(choice: DeviceChoice | None = None) -> Child:
    """Spawn the worker; its link takes `WorkerRequest` and gives `WorkerAnswer` messages, first Ready.

    Where the framework cannot be used, a Failed without a job takes the place of Ready.
    choice: of the device; that of the environment by default.
    """
    return Child.start(command_of("worker"), ANSWERS, choice.variables if choice is not None else None)
