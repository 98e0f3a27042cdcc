"""A spec as data that is being changed, and which names it gave others."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]


_PARTS = (
    "call",
    "parameters",
    "sublayers",
    "outputs",
    "attributes",
    "requires",
    "masking",
)
"""Keys below which expressions stand."""

_EXPRESSIONS = {"call", "shape", "value", "when", "count", "that"}
_EXPRESSIONS |= {"produces", "attributes", "arguments"}
"""Keys of expressions; `arguments` are those of sublayers."""


class InapplicableError(Exception):
    """A spec has nothing that this change could change."""


@dataclass
class Mutant:
    """A spec that is being changed.

    Attributes:
        data: the spec.
        random: what chooses.
        renamed: the names of parameters: before -> after.
        arguments: likewise of arguments.
        done: the kinds of change.
        folder: where the files lie that it names, below those of the spec before.
    """

    data: Data
    random: random.Random
    renamed: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    folder: str = ""

    def pick(self, key: str, fits: Callable[[Data], bool] = lambda _: True) -> str:
        """One member under a key that fits."""
        members = self.data.get(key) or {}
        names = [n for n, form in members.items() if fits(form)]
        if not names:
            raise InapplicableError
        return self.random.choice(names)

    def reversed(self) -> "Mutant":
        """What was changed is changed back."""
        return Mutant(
            self.data,
            self.random,
            {new: old for old, new in self.renamed.items()},
            {new: old for old, new in self.arguments.items()},
            [*self.done, "changed back"],
        )

    def rename(self, old: str, new: str) -> None:
        """Another name, wherever the old one stands.

        A size may be an argument; then it is the argument that has another name.
        """
        groups = {"arguments": self.arguments, "parameters": self.renamed}
        for group, names in groups.items():
            if old in (self.data.get(group) or {}):
                first = next((was for was, now in names.items() if now == old), old)
                names[first] = new
        self.data = json.loads(
            re.sub(rf"(?<![\w.]){old}(?!\w)", new, json.dumps(self.data))
        )

    def substitute(self, name: str, text: str) -> None:
        """An expression for a name, in all expressions."""

        def walk(value: Any, key: str) -> Any:
            if isinstance(value, dict):
                inner = key in ("attributes", "arguments")
                return {k: walk(v, key if inner else k) for k, v in value.items()}
            if isinstance(value, list):
                return [walk(v, key) for v in value]
            if isinstance(value, str) and key in _EXPRESSIONS:
                return re.sub(rf"(?<![\w.]){name}(?!\w)", text, value)
            return value

        for part in _PARTS:
            if part in self.data:
                self.data[part] = walk(self.data[part], part)

    def wrap(self, form: str) -> None:
        """Put what the last `return` returns into an expression."""
        lines = self.data["call"].rstrip("\n").split("\n")
        at = max(i for i, line in enumerate(lines) if "return " in line)
        if at != len(lines) - 1:
            raise InapplicableError
        head, _, value = lines[at].partition("return ")
        lines[at] = f"{head}return {form.format(f'({value})')}"
        self.data["call"] = "\n".join(lines) + "\n"

    def reorder(self, key: str) -> None:
        """Two members change places."""
        members = list((self.data.get(key) or {}).items())
        if len(members) < 2:
            raise InapplicableError
        i, j = self.random.sample(range(len(members)), 2)
        members[i], members[j] = members[j], members[i]
        self.data[key] = dict(members)

    def drop_examples(self, group: str, name: str) -> None:
        """What examples say of a member that is gone."""
        for example in self.data.get("examples", []):
            if isinstance(example.get(group), dict):
                example[group].pop(name, None)
            example.pop("outputs", None)

    def forget_outputs(self) -> None:
        """Expected numbers of examples no longer hold."""
        for example in self.data.get("examples", []):
            example.pop("outputs", None)
