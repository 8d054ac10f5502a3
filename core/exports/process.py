"""The files process seen from the one that starts it: it writes and reads workspaces and exports."""

from core.exports.messages import ANSWERS
from core.link import Child
from core.processes import command_of


def start_files() -> Child:
    """Spawn the files process; its link takes `FilesRequest` and gives `FilesAnswer` messages."""
    return Child.start(command_of("files"), ANSWERS)
