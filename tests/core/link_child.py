"""The other end of test_link.py's pipes: echoes, prints, crashes or hangs on request."""

import os
import time
from typing import Literal

from pydantic import TypeAdapter

from core.link import Message, own_link


class Ask(Message):
    kind: Literal["ask"] = "ask"
    what: Literal["echo", "crash", "exit", "hang"] = "echo"
    share: float = 0.0


if __name__ == "__main__":
    link = own_link(TypeAdapter(Ask))
    while (received := link.receive()) is not None:
        job, ask, arrays = received
        match ask.what:
            case "crash":
                os.abort()
            case "exit":
                raise SystemExit(7)
            case "hang":
                time.sleep(600)
            case "echo":
                print("a stray line that must not reach the pipe", flush=True)
                os.write(1, b"\xff\xff\xff\xff")
                link.send(ask, arrays, job)
