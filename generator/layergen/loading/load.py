"""Source -> Document: a spec whose form is right, and the places of its parts."""

from dataclasses import dataclass

from pydantic import ValidationError

from layergen.diagnostics import Diagnostics
from layergen.loading import spec as forms
from layergen.loading.compose import read_tree
from layergen.loading.tree import Scalar, Tree
from layergen.loading.validation import report
from layergen.source import Source, Span


@dataclass(frozen=True)
class Document:
    """A spec and where its parts are written."""

    spec: forms.Spec
    tree: Tree

    def span(self, *path: str | int) -> Span:
        """Where the value at a path is written."""
        return self.tree.span(path)

    def key_span(self, *path: str | int) -> Span:
        """Where the last key of a path is written."""
        return self.tree.key_span(path)

    def scalar(self, *path: str | int) -> Scalar:
        """The text at a path, to be parsed as an expression."""
        node = self.tree.find(path)
        assert isinstance(node, Scalar), path
        return node

    def has(self, *path: str | int) -> bool:
        """Whether a value is written at a path."""
        return self.tree.has(path)


def load(source: Source) -> Document:
    """Read a spec and check its form.

    Raises:
        SpecError: the text is no plain data, or a key or a value is not of the format.
    """
    tree = read_tree(source)
    try:
        return Document(forms.Spec.model_validate(tree.plain()), tree)
    except ValidationError as error:
        found = Diagnostics()
        report(error.errors(include_url=False), tree, found)
        found.raise_if_errors()
        raise
