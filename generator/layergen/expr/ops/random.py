"""The functions of the language that draw random numbers, at every call.

Parameters have Keras's own names; `seed` and `dtype` are the layer's to give. Not here
are `keras.random.shuffle`, which moves whole slices on TensorFlow and PyTorch and each
vector by itself on JAX, and distributions that a backend cannot draw in half precision.
"""

from layergen.expr import results
from layergen.expr.op import Op

RANDOM = (
    Op(
        "random.normal",
        "shape: shape, mean: number = 0.0, stddev: number = 1.0",
        results.floats,
        "numbers of a normal distribution",
        "keras.random.normal",
        creates=True,
        draws=True,
    ),
    Op(
        "random.truncated_normal",
        "shape: shape, mean: number = 0.0, stddev: number = 1.0",
        results.floats,
        "the same, within two standard deviations",
        "keras.random.truncated_normal",
        creates=True,
        draws=True,
    ),
    Op(
        "random.uniform",
        "shape: shape, minval: number = 0.0, maxval: number = 1.0",
        results.floats,
        "numbers from `minval` to below `maxval`",
        "keras.random.uniform",
        creates=True,
        draws=True,
    ),
    Op(
        "random.randint",
        "shape: shape, minval: int, maxval: int",
        results.ints,
        "integers from `minval` to below `maxval`",
        "keras.random.randint",
        draws=True,
    ),
    Op(
        "random.categorical",
        "logits: tensor, num_samples: int",
        results.ints,
        "for each row of logits, the numbers of `num_samples` classes",
        "keras.random.categorical",
        draws=True,
    ),
    Op(
        "random.dropout",
        "inputs: tensor, rate: number, noise_shape: noise_shape = None",
        results.floats,
        "zero with probability `rate`, the rest divided by `1 - rate`; along an axis"
        " where `noise_shape` is 1, all or nothing",
        "keras.random.dropout",
        draws=True,
    ),
)
