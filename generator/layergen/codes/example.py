"""A small right spec, and variations of it, for the examples of the codes."""

_PARTS = {
    "layergen": "1",
    "name": "Scale",
    "package": "demo",
    "summary": "Multiplies its input by a factor.",
    "arguments": "\n  factor: {type: float, default: 2.0}",
    "inputs": "\n  inputs: {shape: [batch, features]}",
    "parameters": "",
    "call": "|\n  return factor * inputs",
    "outputs": "{shape: like inputs}",
}

WEIGHT = "\n  gain: {role: weight, shape: [features], initializer: ones}"


def spec(**changes: str | None) -> str:
    """The text of a spec whose keys are replaced, added, or (None) left out."""
    parts: dict[str, str | None] = {**_PARTS, **changes}
    lines = []
    for key, value in parts.items():
        if value:
            space = "" if value.startswith("\n") else " "
            lines.append(f"{key}:{space}{value}\n")
    return "".join(lines)


def body(*lines: str, **changes: str | None) -> str:
    """The same with another forward pass."""
    return spec(call="|\n" + "\n".join(f"  {line}" for line in lines), **changes)
