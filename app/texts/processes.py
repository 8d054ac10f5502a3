"""The sentences on the worker and the reader process."""

WORKER_STARTING = "Starting the model engine…"
WORKER_LOST_HINT = "Start it again; your images and maps are still here."
TALKED_NONSENSE = "was stopped because its answer could not be understood"
THIS_FILE = "this file"


def worker_ready(device: str) -> str:
    return f"Ready: {device}"


def worker_lost(how: str) -> str:
    return f"The model engine {how or 'was stopped'}."
