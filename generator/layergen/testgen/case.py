"""One instance of a layer, and what its tests expect of it: plain data.

See `layergen.testgen.data` for what plain data is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from layergen.testgen.data import Data

Shapes = Mapping[str, Data]  # by call argument: a shape, or a list of shapes
Outputs = Data
"""An array, or a list of arrays; several outputs in a tuple."""


@dataclass(frozen=True, eq=False)
class CaseVariant:
    """A call, without `training`, that gives more than the inputs.

    Attributes:
        outputs: what it yields.
        flags: the flags that it gives.
        masks: by `call` argument, the mask that comes with that input.
        mask: the mask that the next layer then receives; None for none.
    """

    outputs: Outputs
    flags: Mapping[str, Data] = field(default_factory=dict)
    masks: Mapping[str, np.ndarray] = field(default_factory=dict)
    mask: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Case:
    """One instance of the layer, and what is expected of it.

    Mappings of weights go by the weight's path below the layer: `kernel` for its own,
    `query/kernel` for one of a sublayer. Float arrays are float64, also where the
    layer computes in float32. Their values must hold in float32 to 1e-5 of the
    largest, in half precision to 2e-2: choose short, small numbers.

    Attributes:
        id: the case's name, unique in the file.
        arguments: constructor arguments. No regularizer or constraint, since they
            change the gradient. Values other than the defaults show more. A layer
            with a seed argument is given a seed.
        config: what `get_config` must hold beside `name`, `trainable` and `dtype`:
            each argument in its JSON form, defaults too. Left out: initializers and
            other objects, and arrays whose values live in the checkpoint.
        inputs: by `call` argument, an array or a list of arrays; the first axis is the
            batch. Integer arrays keep their dtype. At least two samples, indices in
            range, further than 1e-2 from any kink or jump of `call`.
        weights: every entry of `layer.weights`: states and stored constants too. They
            are assigned before outputs are compared, so none should equal its initial
            value (a constant stored from an argument must), and no trainable one
            should have a vanishing gradient.
        absent: names of weights and sublayers that these arguments leave out.
        initial: the values after `build` where they are known: from initializers
            such as zeros, and constants stored from an argument or file.
        drawn: by path of a constant drawn from an initializer, that initializer as
            Keras serializes it, seed included: `{"class_name": ..., "config": ...}`.
        constants: by attribute, constants kept as NumPy arrays; float64, int32, bool.
        attributes: by name, the public attributes; lists stand for tuples too.
        outputs: of `call` without `training`. Here and below, with the numbers of
            `layergen.oracle.draws` in place of random ones.
        shapes: pairs of symbolic input shapes and the output shape, None where a size
            is unknown: unknown batch, then all else that may be unknown, other ranks.
            As the layer returns them: a list of shapes where there is a list of
            tensors, a tuple of these for several outputs.
        training_outputs: of `call` with `training=True`, if it has that argument.
        state: what that call (else a plain one) leaves in the states.
        losses: what a call without `training` adds to the loss, in order.
        training_losses: likewise with `training=True`.
        draws: the values of `training` with which other random numbers yield other
            outputs; False stands for a plain call.
        variants: calls with other flags than the defaults, and with masks.
    """

    id: str
    arguments: Mapping[str, Data]
    config: Mapping[str, Data]
    inputs: Mapping[str, Data]
    weights: Mapping[str, Data]
    absent: Sequence[str]
    initial: Mapping[str, Data]
    constants: Mapping[str, np.ndarray]
    outputs: Outputs
    shapes: Sequence[tuple[Shapes, Data]]
    training_outputs: Outputs | None = None
    state: Mapping[str, np.ndarray] = field(default_factory=dict)
    drawn: Mapping[str, Data] = field(default_factory=dict)
    attributes: Mapping[str, Data] = field(default_factory=dict)
    losses: Sequence[np.ndarray] = ()
    training_losses: Sequence[np.ndarray] = ()
    draws: Sequence[bool] = ()
    variants: Sequence[CaseVariant] = ()
