"""How tightly operators bind, by Python's precedence: the more, the tighter."""

from collections.abc import Mapping

CONDITIONAL, COMPARISON, SPREAD, SIGN, ATOM = 1, 5, 6, 8, 20
BINDING: Mapping[str, int] = {
    "or": 2,
    "and": 3,
    "not": 4,
    **dict.fromkeys(
        ("==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"), COMPARISON
    ),
    **dict.fromkeys(("+", "-"), 6),
    **dict.fromkeys(("*", "/", "//", "%", "@"), 7),
    "**": 9,
}
