"""The closed list of diagnostic codes, by the stage that finds them.

LG0xx reading text, LG1xx the structure of a spec, LG2xx names, roles and sublayers,
LG3xx the language, LG4xx shapes and numbers, LG5xx files, settings and comments,
LG6xx what a change of a spec breaks.

`ALL` is assembled when it is first asked for: a build that finds nothing reads
none of the modules below.
"""

from functools import cache
from importlib import import_module

from layergen.diagnostics import Code

_MODULES = (
    "reading",
    "structure",
    "roles",
    "approvals",
    "sublayers",
    "language",
    "numbers",
    "project",
    "forge",
    "review.identity",
    "review.arguments",
    "review.signature",
    "review.bridges",
    "review.flags",
    "review.tensors",
    "review.weights",
    "review.sublayers",
    "review.constants",
)

ALL: tuple[Code, ...]


@cache
def _assemble() -> dict[str, Code]:
    found: dict[str, Code] = {}
    for name in _MODULES:
        module = import_module(f"layergen.codes.{name}")
        for value in vars(module).values():
            if isinstance(value, Code):
                assert found.setdefault(value.id, value) is value, value.id
    return dict(sorted(found.items()))


def find(identifier: str) -> Code | None:
    """The code with this identifier, such as `LG301`; None when there is none."""
    return _assemble().get(identifier)


def __getattr__(name: str) -> tuple[Code, ...]:
    if name == "ALL":
        return tuple(_assemble().values())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
