"""The initializers, regularizers, constraints and activations that a spec may name.

What Keras 3.15 offers, as data, so that a spec is checked without importing Keras; a
test compares the tables with the installed Keras.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from layergen.keras_tables.entry import (
    DTYPES,
    FLOATS,
    Activation,
    Initializer,
    KerasObject,
    Parameter,
    ParameterKind,
)

Entry = TypeVar("Entry", bound=KerasObject)


def find_initializer(name: str) -> Initializer | None:
    """The initializer with this name: `glorot_uniform`, `GlorotUniform` or an alias."""
    return _INITIALIZER_SPELLINGS.get(name)


def find_regularizer(name: str) -> KerasObject | None:
    """The regularizer with this name, in any of its spellings."""
    return _REGULARIZER_SPELLINGS.get(name)


def find_constraint(name: str) -> KerasObject | None:
    """The constraint with this name, in any of its spellings."""
    return _CONSTRAINT_SPELLINGS.get(name)


def find_activation(name: str) -> Activation | None:
    """The activation with this name, in any of its spellings."""
    return _ACTIVATION_SPELLINGS.get(name)


def usable_activations() -> tuple[str, ...]:
    """The names by which a spec may ask for an activation that keeps the shape.

    Not `sparsemax`, which Keras 3.15 computes wrongly.
    """
    known = (a for a in ACTIVATIONS.values() if a.keeps_shape and not a.only_called)
    return tuple(a.identifier for a in known if a.name != "sparsemax")


def _tabulate(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    return {entry.name: entry for entry in entries}


def _spell(table: Mapping[str, Entry]) -> Mapping[str, Entry]:
    return {word: entry for entry in table.values() for word in entry.spellings}


def _float(name: str, default: float) -> Parameter:
    return Parameter(name, ParameterKind.FLOAT, default)


def _factor(name: str, default: float) -> Parameter:
    """What a regularizer multiplies by."""
    return Parameter(name, ParameterKind.FLOAT, default, least=0.0)


def _choice(name: str, default: str, *choices: str | None) -> Parameter:
    return Parameter(
        name, ParameterKind.CHOICE, default, choices, optional=None in choices
    )


def _axes(name: str, default: int | None = None) -> Parameter:
    return Parameter(name, ParameterKind.AXES, default, optional=default is None)


_FANS = (_axes("input_axes"), _axes("output_axes"))
_GAIN = _float("gain", 1.0)
_SPREAD = (_float("mean", 0.0), _float("stddev", 0.05))


def _initializer(
    name: str, class_name: str, *parameters: Parameter, aliases: str = ""
) -> Initializer:
    """One that makes any dtype and draws nothing."""
    path = f"keras.initializers.{class_name}"
    return Initializer(name, path, parameters, tuple(aliases.split()), dtypes=DTYPES)


def _random(
    name: str,
    class_name: str,
    *parameters: Parameter,
    aliases: str = "",
    min_rank: int = 0,
    dtypes: frozenset[str] = FLOATS,
) -> Initializer:
    return Initializer(
        name,
        f"keras.initializers.{class_name}",
        parameters,
        tuple(aliases.split()),
        min_rank=min_rank,
        random=True,
        dtypes=dtypes,
    )


INITIALIZERS: Mapping[str, Initializer] = _tabulate(
    [
        _initializer("zeros", "Zeros", aliases="zero"),
        _initializer("ones", "Ones", aliases="one"),
        # `keras.initializers.get("constant")` raises a KeyError, `Constant()` does not.
        replace(
            _initializer(
                "constant", "Constant", Parameter("value", ParameterKind.SCALAR, 0.0)
            ),
            only_called=True,
        ),
        _random("random_normal", "RandomNormal", *_SPREAD, aliases="normal"),
        _random("truncated_normal", "TruncatedNormal", *_SPREAD),
        _random(
            "random_uniform",
            "RandomUniform",
            _float("minval", -0.05),
            _float("maxval", 0.05),
            aliases="uniform",
        ),
        _random("glorot_normal", "GlorotNormal", *_FANS),
        _random("glorot_uniform", "GlorotUniform", *_FANS),
        _random("he_normal", "HeNormal", *_FANS),
        _random("he_uniform", "HeUniform", *_FANS),
        _random("lecun_normal", "LecunNormal", *_FANS),
        _random("lecun_uniform", "LecunUniform", *_FANS),
        _random(
            "variance_scaling",
            "VarianceScaling",
            Parameter("scale", ParameterKind.FLOAT, 1.0, above=0.0),
            _choice("mode", "fan_in", "fan_in", "fan_out", "fan_avg"),
            _choice(
                "distribution",
                "truncated_normal",
                *("truncated_normal", "untruncated_normal", "uniform", "normal"),
            ),
            *_FANS,
        ),
        # It needs a QR decomposition, which TensorFlow has not in bfloat16.
        _random(
            "orthogonal",
            "Orthogonal",
            _GAIN,
            aliases="OrthogonalInitializer",
            min_rank=2,
            dtypes=FLOATS - {"bfloat16"},
        ),
        Initializer(
            "identity",
            "keras.initializers.Identity",
            (_GAIN,),
            ("IdentityInitializer",),
            min_rank=2,
            max_rank=2,
        ),
        Initializer(
            "stft",
            "keras.initializers.STFT",
            (
                _choice("side", "real", "real", "imag"),
                Parameter("window", ParameterKind.STR, "hann", optional=True),
                _choice("scaling", "density", "density", "spectrum", None),
                Parameter("periodic", ParameterKind.BOOL, False),
            ),
            ("STFTInitializer",),
            min_rank=3,
            max_rank=3,
            needs="scipy",
        ),
    ]
)

REGULARIZERS: Mapping[str, KerasObject] = _tabulate(
    [
        KerasObject("l1", "keras.regularizers.L1", (_factor("l1", 0.01),)),
        KerasObject("l2", "keras.regularizers.L2", (_factor("l2", 0.01),)),
        # `keras.regularizers.l1_l2` exists, but `get("l1_l2")` raises.
        KerasObject(
            "l1_l2",
            "keras.regularizers.L1L2",
            (_factor("l1", 0.0), _factor("l2", 0.0)),
            ("l1l2",),
            identifier="L1L2",
        ),
        KerasObject(
            "orthogonal_regularizer",
            "keras.regularizers.OrthogonalRegularizer",
            (_factor("factor", 0.01), _choice("mode", "rows", "rows", "columns")),
            min_rank=2,
            max_rank=2,
        ),
    ]
)

CONSTRAINTS: Mapping[str, KerasObject] = _tabulate(
    [
        KerasObject(
            "max_norm",
            "keras.constraints.MaxNorm",
            (_float("max_value", 2.0), _axes("axis", 0)),
            min_rank=1,
        ),
        KerasObject(
            "min_max_norm",
            "keras.constraints.MinMaxNorm",
            (
                _float("min_value", 0.0),
                _float("max_value", 1.0),
                _float("rate", 1.0),
                _axes("axis", 0),
            ),
            min_rank=1,
        ),
        KerasObject("non_neg", "keras.constraints.NonNeg"),
        KerasObject(
            "unit_norm", "keras.constraints.UnitNorm", (_axes("axis", 0),), min_rank=1
        ),
    ]
)


def _activation(
    name: str, *parameters: Parameter, aliases: str = "", elementwise: bool = True
) -> Activation:
    """One that keeps the shape; if not elementwise, it works along an axis."""
    return Activation(
        name,
        f"keras.activations.{name}",
        parameters,
        tuple(aliases.split()),
        min_rank=0 if elementwise else 1,
        elementwise=elementwise,
    )


def _along_axis(name: str) -> Activation:
    axis = Parameter("axis", ParameterKind.INT, -1)
    return _activation(name, axis, elementwise=False)


_PLAIN_ACTIVATIONS = (
    "exponential hard_sigmoid hard_tanh linear log_sigmoid mish relu6 selu sigmoid "
    "softplus softsign sparse_plus sparse_sigmoid tanh tanh_shrink"
)
ACTIVATIONS: Mapping[str, Activation] = _tabulate(
    [
        *(_activation(name) for name in _PLAIN_ACTIVATIONS.split()),
        _activation("silu", aliases="swish"),
        _activation("hard_silu", aliases="hard_swish"),
        _activation("celu", _float("alpha", 1.0)),
        _activation("elu", _float("alpha", 1.0)),
        _activation("gelu", Parameter("approximate", ParameterKind.BOOL, False)),
        _activation("hard_shrink", _float("threshold", 0.5)),
        _activation("leaky_relu", _float("negative_slope", 0.2)),
        _activation(
            "relu",
            _float("negative_slope", 0.0),
            Parameter("max_value", ParameterKind.FLOAT, None, optional=True),
            _float("threshold", 0.0),
        ),
        _activation("soft_shrink", _float("threshold", 0.5)),
        _activation("squareplus", _float("b", 4.0)),
        replace(
            _activation(
                "threshold",
                Parameter("threshold", ParameterKind.FLOAT, required=True),
                Parameter("default_value", ParameterKind.FLOAT, required=True),
            ),
            only_called=True,
        ),
        _along_axis("softmax"),
        _along_axis("log_softmax"),
        # Keras 3.15 errs: its rows sum to 1 only where one element is left.
        _along_axis("sparsemax"),
        # It halves the axis.
        replace(_along_axis("glu"), keeps_shape=False),
    ]
)

_INITIALIZER_SPELLINGS = _spell(INITIALIZERS)
_REGULARIZER_SPELLINGS = _spell(REGULARIZERS)
_CONSTRAINT_SPELLINGS = _spell(CONSTRAINTS)
_ACTIVATION_SPELLINGS = _spell(ACTIVATIONS)
