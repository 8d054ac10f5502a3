"""Texts on the worker process (the model engine), the reader process and the files process."""

WORKER_STARTING = "Starting the model engine…"
WORKER_LOST_HINT = "Start it again; your images and maps are kept."
WORKER_REFUSED = "The model engine cannot run on this computer."
INVALID_ANSWER = "was stopped because its answer could not be understood"
THIS_FILE = "this file"
FILES_LOST_HINT = "Try again; an earlier file of this name is unchanged."


def worker_ready(device: str) -> str:
    return f"Ready: {device}"


def worker_lost(cause: str) -> str:
    return f"The model engine {cause or 'was stopped'}."


def files_lost(cause: str) -> str:
    return f"The process that writes and reads files {cause or 'was stopped'}."
