"""LG69x: changes of constants."""

from layergen.codes.example import body
from layergen.codes.review import Breaks, Member, ReviewCode

_CHECKPOINT = frozenset({Breaks.CHECKPOINT})
_NUMERIC = frozenset({Breaks.NUMERIC})
_CALLER = frozenset({Breaks.CALLER})

_USED = "return factor * inputs + offset"


def _offset(form: str, call: str = _USED, name: str = "offset") -> str:
    return body(
        call,
        inputs="\n  inputs: {shape: [batch, 2]}",
        parameters=f"\n  {name}: {{role: constant, {form}}}",
    )


_PLAIN = body("return factor * inputs", inputs="\n  inputs: {shape: [batch, 2]}")

CONSTANT_ADDED = ReviewCode(
    "LG690",
    "constant added",
    about=Member.CONSTANT,
    breaks=_CHECKPOINT,
    means="The layer has a further constant.",
    why="One that is kept in the checkpoint is a variable more, and saved weights no"
    " longer load. Any other breaks nothing by itself.",
    wrong=_PLAIN,
    right=_offset("value: 0.5"),
)
CONSTANT_REMOVED = ReviewCode(
    "LG691",
    "constant removed",
    about=Member.CONSTANT,
    breaks=_CHECKPOINT | _CALLER,
    means="The layer no longer has a constant.",
    why="One that was kept in the checkpoint is a variable less, and saved weights no"
    " longer load. A number and a variable are attributes that callers may read.",
    wrong=_offset("value: 0.5"),
    right=_PLAIN,
)
CONSTANT_RENAMED = ReviewCode(
    "LG692",
    "constant renamed",
    about=Member.CONSTANT,
    breaks=_CALLER,
    means="A constant is gone, and one like it has come, used in the same places.",
    why="A number or a variable has an attribute of its name. Saved values still load.",
    wrong=_offset("value: 0.5"),
    right=_offset("value: 0.5", "return factor * inputs + shift", "shift"),
)
CONSTANT_VALUE = ReviewCode(
    "LG693",
    "value of a constant changed",
    about=Member.CONSTANT,
    breaks=_NUMERIC,
    means="A constant has other numbers.",
    why="Saved models yield other numbers, unless the constant is in their checkpoint:"
    " then they keep the old ones, and only new layers differ.",
    wrong=_offset("value: [1.0, 2.0]"),
    right=_offset("value: [1.0, 3.0]"),
)
CONSTANT_FILE = ReviewCode(
    "LG694",
    "array file changed",
    about=Member.CONSTANT,
    breaks=_NUMERIC,
    means="The file that a constant names has other numbers.",
    why="Saved models yield other numbers, unless the constant is in their checkpoint:"
    " then they keep the old ones, and only new layers differ.",
    wrong="git show main:specs/filters.npy > specs/filters.npy; layergen diff main",
    right="python make_filters.py; layergen diff main",
)
CONSTANT_SOURCE = ReviewCode(
    "LG695",
    "source of a constant changed",
    about=Member.CONSTANT,
    means="A constant has the same numbers from elsewhere.",
    why="The numbers were compared for several sizes and arguments.",
    wrong=_offset("value: [1.0, 1.0]"),
    right=_offset('value: "ones((2,))"'),
)
CONSTANT_DTYPE = ReviewCode(
    "LG696",
    "dtype of a constant changed",
    about=Member.CONSTANT,
    breaks=_CHECKPOINT | _NUMERIC,
    means="A constant has another dtype.",
    why="What is computed with it may be rounded otherwise, or have another dtype."
    " Saved values of one in the checkpoint are cast without a word.",
    wrong=_offset("value: [1, 2]", "return factor * inputs + cast(offset, 'float')"),
    right=_offset(
        "value: [1, 2], dtype: float", "return factor * inputs + cast(offset, 'float')"
    ),
)
CONSTANT_SAVED = ReviewCode(
    "LG697",
    "constant is saved",
    about=Member.CONSTANT,
    breaks=_CHECKPOINT,
    means="A constant that was made anew in each layer lives in the checkpoint.",
    why="It is a variable more, and saved weights no longer load.",
    wrong=_offset("value: [1.0, 2.0]"),
    right=_offset("value: [1.0, 2.0], storage: weight"),
)
CONSTANT_NOT_SAVED = ReviewCode(
    "LG698",
    "constant is not saved",
    about=Member.CONSTANT,
    breaks=_CHECKPOINT,
    means="A constant that lived in the checkpoint is made anew in each layer.",
    why="It is a variable less, and saved weights no longer load.",
    wrong=_offset("value: [1.0, 2.0], storage: weight"),
    right=_offset("value: [1.0, 2.0]"),
)
CONSTANT_DRAWN = ReviewCode(
    "LG699",
    "drawn otherwise",
    about=Member.CONSTANT,
    breaks=_NUMERIC,
    means="A constant is drawn from another initializer or seed.",
    why="New layers have other numbers. Saved models keep theirs.",
    wrong=_offset("shape: [2], initializer: random_normal"),
    right=_offset("shape: [2], initializer: random_uniform"),
)
