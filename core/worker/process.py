"""The worker process seen from the one that starts it; loads nothing of the framework."""

from core.link import Child
from core.processes import command_of
from core.worker.messages import ANSWERS

PROCESS = "worker"


def start_worker(keep_log: bool = True) -> Child:
    """Spawn the worker; its link takes `WorkerRequest` and gives `WorkerAnswer` messages, first Ready.

    keep_log: its standard error is appended to a file in the user's log folder.
    """
    return Child.start(command_of(PROCESS), ANSWERS, log_name=PROCESS if keep_log else "")
