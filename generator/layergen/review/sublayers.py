"""The layers that a layer owns: Keras finds what is saved of them by attribute."""

from collections.abc import Iterator

from layergen.codes.review import Breaks, identity, signature
from layergen.codes.review import sublayers as codes
from layergen.layer import Layer, LayerShape, Sublayer
from layergen.review.change import Change, Side
from layergen.review.match import registered
from layergen.review.pair import Pair, seen
from layergen.review.row import Changes, Row, compare_members
from layergen.review.trials import Trial

_CALLER = frozenset({Breaks.CALLER})
_CHECKPOINT = frozenset({Breaks.CHECKPOINT})
_OTHER = frozenset({Breaks.NUMERIC, Breaks.TRAINING})
_NOBODY: frozenset[Breaks] = frozenset()

_UNFELT = (
    identity.DOCS_CHANGED,
    identity.EXAMPLES_CHANGED,
    identity.PACKAGE_CHANGED,
    identity.FORMER_PACKAGES,
    signature.ARGUMENT_ORDER,
)
"""What an owner does not feel: it makes the layer itself, with arguments by name."""

_MOST_TOLD = 3
"""Changes of a sublayer's spec that are told with its owner."""


def find_sublayers(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the layers that are owned."""
    matched = pair.sublayers
    for old in matched.removed:
        trial = _moved(pair, old.name)
        yield Change(
            codes.SUBLAYER_REMOVED,
            f"the sublayer `{old.name}` is removed",
            pair.span("sublayers", old.name, side=Side.BEFORE),
            Side.BEFORE,
            _CALLER | (_CHECKPOINT if trial else _NOBODY),
            before=show_sublayer(old),
            witness=seen(trial),
            name=old.name,
        )
    for new in matched.added:
        trial = _moved(pair, new.name)
        yield Change(
            codes.SUBLAYER_ADDED,
            f"the sublayer `{new.name}` is new",
            pair.span("sublayers", new.name),
            breaks=_CHECKPOINT if trial else _NOBODY,
            after=show_sublayer(new),
            witness=seen(trial),
            name=new.name,
        )
    for old, new in matched.renamed:
        trial = _moved(pair, old.name) or _moved(pair, new.name)
        yield Change(
            codes.SUBLAYER_RENAMED,
            f"the sublayer `{old.name}` is now `{new.name}`",
            pair.span("sublayers", new.name),
            breaks=_CALLER | (_CHECKPOINT if trial else _NOBODY),
            before=old.name,
            after=new.name,
            witness=seen(trial),
            name=new.name,
        )
    yield from compare_members(SUBLAYER_ROWS, pair, matched.pairs)


def _moved(pair: Pair, name: str) -> Trial | None:
    """An instance whose variables of a sublayer are not as they were."""
    moves = pair.moves
    groups = (moves.lost, moves.gained, {k: v[0] for k, v in moves.reshaped.items()})
    for group in groups:
        for variable, trial in group.items():
            if variable.startswith(f"{name}/"):
                return trial
    return None


def show_sublayer(sublayer: Sublayer) -> str:
    """A sublayer in a line."""
    given = ", ".join(f"{name}={value}" for name, value in sublayer.arguments.items())
    text = f"{sublayer.keras or registered(sublayer.layer)}({given})"
    text += f" * {sublayer.count}" if sublayer.count is not None else ""
    shapes = ", ".join(map(_show_shape, sublayer.shapes.values()))
    when = f", if {sublayer.when}" if sublayer.when is not None else ""
    return f"{text} for {shapes}{when}"


def _show_shape(shape: LayerShape) -> str:
    if shape.like is not None:
        return f"like {shape.like}"
    return f"({', '.join(map(str, shape.sizes))})"


def _find_made(pair: Pair, before: Sublayer, after: Sublayer) -> Changes:
    """Another class, other arguments or shapes, another number or condition."""
    same = _is_same_class(before, after) and _is_made_alike(pair, before, after)
    inner = _inner_changes(before, after) if same else ()
    trial = _moved(pair, after.name) if before.name == after.name else None
    if same and not inner and trial is None:
        return
    what = "has another spec" if inner else "is made otherwise"
    yield Change(
        codes.OWNED_CHANGED if inner else codes.SUBLAYER_CHANGED,
        f"the sublayer `{after.name}` {what}",
        pair.span("sublayers", after.name),
        breaks=(_passed_on(inner) if same else _OTHER)
        | (_CHECKPOINT if trial else _NOBODY),
        before="" if inner else show_sublayer(before),
        after="" if inner else show_sublayer(after),
        notes=tuple(_tell(inner)),
        witness=seen(trial),
        name=after.name,
    )


def _is_same_class(before: Sublayer, after: Sublayer) -> bool:
    """Whether what is saved of it is found: Keras does not ask for the package."""
    same_source = before.keras == after.keras
    return same_source and before.layer.name == after.layer.name


def _inner_changes(before: Sublayer, after: Sublayer) -> tuple[Change, ...]:
    """What has changed in the spec of a sublayer, where any of its files has."""
    from layergen.review.compare import compare_layers

    if before.files == after.files:
        return ()
    found = compare_layers(before.layer, after.layer)
    return tuple(change for change in found if change.code not in _UNFELT)


def _passed_on(inner: tuple[Change, ...]) -> frozenset[Breaks]:
    """Whom changes of its spec break in the layer that owns it.

    The owner is its caller, so what breaks callers changes numbers or training there;
    what is saved is followed by instances of the owner.
    """
    broken = frozenset[Breaks]().union(*(change.breaks for change in inner))
    return broken if broken <= _OTHER else _OTHER


def _tell(inner: tuple[Change, ...]) -> Iterator[str]:
    for change in inner[:_MOST_TOLD]:
        yield f"{change.span.source.path}: {change.message} ({change.code.id})"
    if len(inner) > _MOST_TOLD:
        yield f"and {len(inner) - _MOST_TOLD} more"


def _is_made_alike(pair: Pair, before: Sublayer, after: Sublayer) -> bool:
    return (
        before.arguments.keys() == after.arguments.keys()
        and before.objects == after.objects
        and before.shapes.keys() == after.shapes.keys()
        and all(
            pair.same(value, after.arguments[name])
            for name, value in before.arguments.items()
        )
        and all(
            _same_shape(pair, shape, after.shapes[name])
            for name, shape in before.shapes.items()
        )
        and pair.same(before.count, after.count)
        and pair.same(before.when, after.when)
    )


def _same_shape(pair: Pair, before: LayerShape, after: LayerShape) -> bool:
    if before.like is not None or after.like is not None:
        return pair.inputs.names.get(before.like or "") == after.like
    return pair.same(before.sizes, after.sizes)


SUBLAYER_ROWS: tuple[Row[Sublayer], ...] = (
    Row(
        ("layer", "keras", "files", "arguments", "objects", "shapes", "count", "when"),
        _find_made,
    ),
)
