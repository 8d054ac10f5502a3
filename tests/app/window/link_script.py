"""The other end of test_links.py: answers, waits, ends or sends invalid bytes, as requested."""

import os
import time
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, TypeAdapter

from core.errors import NotApplicable, UnsupportedComputer
from core.link import Cancel, CancelledJob, Failed, JobProgress, Link, Message, own_link
from core.models.device import ComputingDevice
from core.readers.messages import Indexed
from core.results.records import MethodRecord, TargetRecord
from core.worker.messages import PartialMap, Ready


class Ask(Message):
    """As in test_links.py."""

    kind: Literal["ask"] = "ask"
    what: str = "done"


def done() -> Message:
    if os.environ["LINK_ROLE"] == "reader":
        return Indexed(entries=())
    from core.worker.messages import ExplainDone

    target = TargetRecord(class_name="a")
    numbers: dict[str, Any] = dict.fromkeys(("minimum", "maximum", "seconds"), 0.0)
    numbers |= dict.fromkeys(("seed", "forwards", "gradients"), 0)
    record = MethodRecord(
        **numbers,
        name="m",
        title="M",
        parameters={},
        target=target,
        signed=False,
        cells=(1, 1),
        diagnostics={},
        choices={},
    )
    return ExplainDone(record=record)


def answer(link: Link, job: int, ask: Ask, arrays: list[np.ndarray]) -> None:
    match ask.what:
        case "die":
            os._exit(3)
        case "wait":
            time.sleep(600)
        case "garbage":
            link._writer.write(b"\xff" * 64)
            link._writer.flush()
            time.sleep(600)
        case "fail":
            link.send(Failed.of(NotApplicable("Scripted.", "Go on.")), job=job)
        case "refined":
            link.send(PartialMap(signed=True), arrays, job)
            link.send(done(), [arrays[0]], job)
        case "slow_cancel":
            link.send(JobProgress(done=1, total=2), job=job)
            received = link.receive()
            assert received is not None
            assert (type(received.message), received.job) == (Cancel, job)
            link.send(CancelledJob(), job=job)
        case _:
            link.send(done(), job=job)


if __name__ == "__main__":
    link = own_link(TypeAdapter(Annotated[Ask | Cancel, Field(discriminator="kind")]))
    if os.environ["LINK_ROLE"] == "worker":
        link.send(Ready(device=ComputingDevice(kind="cpu", name="scripted device"), versions={}))
    if os.environ["LINK_ROLE"] == "refusing worker":
        link.send(Failed.of(UnsupportedComputer("Scripted.", "View images.")))
    while (got := link.receive()) is not None:
        if isinstance(got.message, Ask):
            answer(link, *got)
