"""Typed parameters of methods and checks, and how values from a person become them."""

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from core.errors import BadParameter


class Parameters(BaseModel):
    """Base of all parameter sets: frozen, bounded, described; forms and options are made from it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False)


def value_named(value: Any, words: str) -> dict[str, JsonValue]:
    """`json_schema_extra` of a field one value of which stands for words, such as 0 for 'automatic'."""
    return {"named_value": value, "value_name": words}


def value_name(params: type[Parameters] | None, name: str, value: Any) -> str:
    """What this value of a parameter stands for, where its field names it; else empty.

    params: None of a method that this version does not have.
    """
    field = params.model_fields.get(name) if params is not None else None
    extra = field.json_schema_extra if field is not None else None
    if not isinstance(extra, dict) or "named_value" not in extra or extra["named_value"] != value:
        return ""
    return str(extra["value_name"])


class ParameterConflict(ValueError):
    """Two parameters that exclude each other; raised by a validator of a parameter set.

    parameter: the one to change. message: goes on after its name, such as "cannot be 32 with a window of 15".
    hint: what to do.
    """

    def __init__(self, parameter: str, message: str, hint: str) -> None:
        super().__init__(f"{parameter} {message}")
        self.parameter, self.message, self.hint = parameter, message, hint


class Parametrised(Protocol):
    """What has a name and typed parameters: a method or a check."""

    @property
    def name(self) -> str:
        """In command lines and documents."""

    @property
    def Params(self) -> type[Parameters]:  # noqa: N802 - the architecture's name
        """The class of its parameters."""


def checked_parameters(owner: Parametrised, values: dict[str, Any], hint: str = "") -> Parameters:
    """`values` as the owner's parameters. Raises BadParameter that names the first bad one.

    hint: where bounds and defaults are listed; for a method by default.
    """
    try:
        return owner.Params.model_validate(values)
    except ValidationError as error:
        problem = error.errors()[0]
        cause = problem.get("ctx", {}).get("error")
        if isinstance(cause, ParameterConflict):
            message = f"{owner.name}.{cause.parameter} {cause.message}"
            raise BadParameter(message, cause.hint, cause.parameter) from None
        name = str(problem["loc"][0]) if problem["loc"] else "parameters"
        valid_names = ", ".join(owner.Params.model_fields) or "none"
        if problem["type"] == "extra_forbidden":
            raise BadParameter(
                f"{owner.name} has no parameter {name!r}.", f"Its parameters: {valid_names}.", name
            ) from None
        raise BadParameter(
            f"{owner.name}.{name} cannot be {problem['input']!r}: {problem['msg'].lower()}.",
            hint or f"`saliscope methods {owner.name}` lists bounds and defaults.",
            name,
        ) from None
