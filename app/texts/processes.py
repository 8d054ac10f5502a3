"""Texts on the worker process (the model engine) and the reader process."""

WORKER_STARTING = "Starting the model engine…"
WORKER_LOST_HINT = "Start it again; your images and maps are kept."
INVALID_ANSWER = "was stopped because its answer could not be understood"
THIS_FILE = "this file"


def worker_ready(device: str) -> str:
    return f"Ready: {device}"


def worker_lost(cause: str) -> str:
    return f"The model engine {cause or 'was stopped'}."
