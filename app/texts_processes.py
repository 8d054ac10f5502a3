"""The sentences on the worker and the reader process."""

WORKER_STARTING = "Starting the model engine…"
WORKER_LOST_HINT = "Start it again; your images and maps are still here."
TALKED_NONSENSE = "was stopped because its answer could not be understood"
READER_CRASHED_HINT = "The file may be damaged; try to export it again."
READER_TIMED_OUT_HINT = "Copy the file to this computer, or export it again."


def worker_ready(device: str) -> str:
    return f"Ready: {device}"


def worker_lost(how: str) -> str:
    return f"The model engine {how or 'was stopped'}."


def reader_crashed(how: str) -> str:
    return f"The decoder crashed on this file (it {how})."


def reader_timed_out(limit_s: float) -> str:
    return f"The file could not be read within {limit_s:g} seconds."
