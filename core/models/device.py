"""Which device computes: what a person chose, and what it became. The framework is not loaded here."""

from collections.abc import Mapping, MutableMapping
from typing import Literal, Self

from core.errors import UsageError
from core.policy import policy
from core.values import FrozenRecord

DeviceWish = Literal["auto", "cpu", "gpu"]
DEVICE_WISHES: tuple[DeviceWish, ...] = ("auto", "cpu", "gpu")
# A process reads them when it loads the framework, so what is to hold for a process is set before.
DEVICE_VARIABLE = "SALISCOPE_DEVICE"
DETERMINISTIC_VARIABLE = "SALISCOPE_DETERMINISTIC"


class DeviceChoice(FrozenRecord):
    """What a person chose. auto: the GPU where one can be used, else the CPU.

    is_deterministic: a GPU gives the same bits at every run, which takes longer. A CPU does so by itself.
    """

    wish: DeviceWish = "auto"
    is_deterministic: bool = False

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> Self:
        """The choice of the environment variables. Raises UsageError for one that does not exist."""
        text = environment.get(DEVICE_VARIABLE, "").strip().lower() or "auto"
        wish = next((wish for wish in DEVICE_WISHES if wish == text), None)
        if wish is None:
            raise UsageError(
                f"The environment variable {DEVICE_VARIABLE} names no device.", "Set it to auto, cpu or gpu."
            )
        return cls(wish=wish, is_deterministic=environment.get(DETERMINISTIC_VARIABLE, "") not in ("", "0"))

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that say the same."""
        return {DEVICE_VARIABLE: self.wish, DETERMINISTIC_VARIABLE: str(int(self.is_deterministic))}


def use_policy_device(environment: MutableMapping[str, str], is_final: bool) -> None:
    """Let the policy's device stand in an environment, for this process and those that it starts.

    is_final: nothing that a person chooses comes in between any more, so that a default holds as well.
    """
    rule = policy().rule("device")
    if rule.origin == "forced" or (rule.origin == "default" and is_final and not has_device(environment)):
        environment[DEVICE_VARIABLE] = str(rule.value)


def has_device(environment: Mapping[str, str]) -> bool:
    """Whether a person chose a device by the environment."""
    return bool(environment.get(DEVICE_VARIABLE))


class ComputingDevice(FrozenRecord):
    """The device that computes. name: such as 'CPU, 2 cores' or 'NVIDIA H100 (GPU)'.

    deterministic_mode: whether the GPU was set to give the same bits at every run; a CPU does so without.
    fallback: the sentence that says why the CPU computes although a GPU was expected; empty otherwise.
    """

    kind: Literal["cpu", "gpu"]
    name: str
    deterministic_mode: bool = False
    fallback: str = ""

    @property
    def words(self) -> str:
        """The name, and the deterministic mode where it is on."""
        return f"{self.name}, deterministic" if self.deterministic_mode else self.name

    @property
    def is_repeatable(self) -> bool:
        """Whether the same calculation gives the same bits again."""
        return self.kind == "cpu" or self.deterministic_mode


def is_comparable(first: ComputingDevice | None, second: ComputingDevice | None) -> bool:
    """Whether results of both may stand side by side as those of one device.

    CPUs count as one, as does a device that is unknown: results from before devices were recorded.
    """
    return _compared_name(first) == _compared_name(second)


def _compared_name(device: ComputingDevice | None) -> str:
    return device.name if device is not None and device.kind == "gpu" else ""
