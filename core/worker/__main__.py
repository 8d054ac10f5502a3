"""`python -m core.worker`: the worker process."""

from core.worker.loop import main

if __name__ == "__main__":
    main()
