"""Text of a generated module -> its mutants, each the text with one change."""

import ast
import difflib
import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tests.mutation import calls, structure, values
from tests.mutation.sites import Site, replaced, sites

Operator = Callable[[Site], Iterator[ast.AST]]

OPERATORS: dict[str, Operator] = {
    "arithmetic": values.arithmetic,
    "operand": values.operand,
    "comparison": values.comparison,
    "logic": values.logic,
    "number": values.number,
    "table entry": values.entry,
    "boolean": values.boolean,
    "none": values.none,
    "word": values.word,
    "variable": values.variable,
    "attribute": values.attribute,
    "sibling": calls.sibling,
    "call unwrapped": calls.unwrapped,
    "dtype": calls.dtype,
    "axis": calls.axis,
    "keyword": calls.keyword,
    "options swapped": calls.options,
    "positions": calls.positions,
    "statement": structure.statement,
    "condition": structure.condition,
    "tuple entry": structure.tuple_entry,
    "output shape": structure.output_shape,
    "bounds": structure.bounds,
    "config": structure.config,
    "decorator": structure.decorator,
}


@dataclass(frozen=True)
class Mutant:
    """A module with one change.

    Attributes:
        operator: the name of the operator that made it.
        where: the method that holds the change; the class, if a method is gone.
        source: the whole text, as `ast.unparse` writes it.
        original: the text of the unchanged module, written so too.
    """

    operator: str
    where: str
    source: str
    original: str

    @cached_property
    def diff(self) -> tuple[str, ...]:
        """The lines that differ, `- old` and `+ new`, without indentation."""
        old, new = self.original.splitlines(), self.source.splitlines()
        lines = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
        found = [line for line in lines if not line.startswith("@@")]
        return tuple(f"{line[0]} {line[1:].strip()}" for line in found)

    @property
    def id(self) -> str:
        """A short hash of the text."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:12]


def make_mutants(
    text: str, operators: Mapping[str, Operator] = OPERATORS
) -> list[Mutant]:
    """All mutants of a module, each text once, by the first operator that makes it."""
    module = ast.parse(text)
    original = ast.unparse(module)
    seen = {original}
    mutants = []
    for site in sites(module):
        where = getattr(site.node, "name", None) or site.method
        for name, operator in operators.items():
            for node in operator(site):
                source = ast.unparse(replaced(module, site.path, node))
                if source not in seen and compiles(source):
                    seen.add(source)
                    mutants.append(Mutant(name, where, source, original))
    return mutants


def compiles(source: str) -> bool:
    """Whether Python takes the text: not every node may stand everywhere."""
    try:
        compile(source, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def sample(mutants: Sequence[Mutant], size: int, seed: str) -> list[Mutant]:
    """Some of the mutants, of each operator in turn as long as it has any."""
    rng = random.Random(seed)
    groups: defaultdict[str, list[Mutant]] = defaultdict(list)
    for mutant in rng.sample(mutants, len(mutants)):
        groups[mutant.operator].append(mutant)
    order = rng.sample(sorted(groups), len(groups))
    turns = max((len(group) for group in groups.values()), default=0)
    mixed = [groups[name][turn : turn + 1] for turn in range(turns) for name in order]
    return [mutant for one in mixed for mutant in one][:size]
