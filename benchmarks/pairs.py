"""Layers of the zoo, each beside another that does the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from benchmarks.peers import (
    attention,
    blocks,
    dense,
    images,
    moving,
    recurrent,
    sequences,
    values,
)
from generated import zoo

Layer = Any


@dataclass(frozen=True)
class Pair:
    """Two layers that do the same.

    Attributes:
        ours: makes the generated one.
        theirs: makes the other one.
        shapes: of the inputs.
        options: what both calls are told besides tensors.
        tokens: how many tokens there are, if the input has whole numbers.
        is_list: whether the inputs are one list.
        weights: places of their weights that ours has too; all if not given.
        note: what tells this pair from others of the layer.
    """

    ours: Callable[[], Layer]
    theirs: Callable[[], Layer]
    shapes: tuple[tuple[int, ...], ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    tokens: int = 0
    is_list: bool = False
    weights: tuple[int, ...] | None = None
    note: str = ""


_IMAGES = ((16, 16, 16, 64),)
_PHOTOS = ((16, 32, 32, 3),)
_ROWS = ((256, 64),)
_STEPS = ((16, 64, 128),)
_TRAINED = {"training": True}
_PROJECTIONS = (0, 2, 4, 6, 7)
"""Kernels of Keras's attention and its last bias; the others are zero at first."""

_layers = keras.layers
_rnn = _layers.RNN
_filters = Path(zoo.__file__).with_name("filter_bank_filters.npy")
_table = np.random.default_rng(0).normal(size=(10_000, 64))


def _pair(
    ours: Callable[[], Layer],
    theirs: Callable[[], Layer],
    shapes: tuple[tuple[int, ...], ...],
    **rest: Any,
) -> Pair:
    """A pair that is called as in training."""
    return Pair(ours, theirs, shapes, _TRAINED, note="training", **rest)


_NORMALIZATION = (
    Pair(zoo.BatchNorm, _layers.BatchNormalization, _IMAGES),
    _pair(zoo.BatchNorm, _layers.BatchNormalization, _IMAGES),
    Pair(zoo.LayerNorm, lambda: _layers.LayerNormalization(epsilon=0.001), _STEPS),
    Pair(zoo.RmsNorm, lambda: _layers.RMSNormalization(epsilon=1e-6), _STEPS),
    Pair(lambda: zoo.GroupNorm(8), lambda: _layers.GroupNormalization(8), _IMAGES),
    _pair(zoo.Centering, moving.Centering, _ROWS),
    _pair(zoo.EmaCentering, moving.EmaCentering, _STEPS),
    Pair(zoo.LayerScale, dense.LayerScale, _STEPS),
    Pair(lambda: zoo.Clipping(report=True), values.Clipping, _STEPS),
)

_REGULARIZATION = (
    _pair(lambda: zoo.Dropout(0.5, 1), lambda: _layers.Dropout(0.5, seed=1), _STEPS),
    _pair(
        lambda: zoo.GaussianNoise(0.5, 1),
        lambda: _layers.GaussianNoise(0.5, seed=1),
        _STEPS,
    ),
    _pair(
        lambda: zoo.StochasticDepth(0.1, 1),
        lambda: blocks.StochasticDepth(0.1, 1),
        _STEPS * 2,
    ),
    Pair(
        lambda: zoo.ActivityPenalty(0.0, 0.5),
        lambda: _layers.ActivityRegularization(0.0, 0.5),
        _STEPS,
    ),
    _pair(
        lambda: zoo.KlBottleneck(1.0, 1),
        lambda: values.KlBottleneck(1.0, 1),
        _ROWS * 2,
    ),
)

_ACTIVATION = (
    Pair(
        zoo.ParametricRelu,
        lambda: _layers.PReLU(alpha_initializer="uniform", shared_axes=(1, 2)),
        _IMAGES,
    ),
    Pair(
        lambda: zoo.GroupedSoftmax((8, 16)),
        lambda: values.GroupedSoftmax(8, 16),
        _STEPS,
    ),
    Pair(zoo.ChannelShuffle, values.ChannelShuffle, ((1024, 4),)),
    Pair(zoo.FeaturePhase, values.FeaturePhase, _STEPS),
)

_DENSE = (
    Pair(zoo.Film, dense.Film, (*_STEPS, (16, 32))),
    Pair(lambda: zoo.FilterBank(), lambda: values.FilterBank(_filters), ((1024, 4),)),
    Pair(lambda: zoo.GatedLinearUnit(64), lambda: dense.GatedLinearUnit(64), _STEPS),
    Pair(zoo.Highway, dense.Highway, _STEPS),
    Pair(
        lambda: zoo.RandomProjection(64, seed=1),
        lambda: dense.RandomProjection(64),
        _STEPS,
    ),
    _pair(lambda: zoo.SpectralDense(64), lambda: dense.SpectralDense(64), _STEPS),
    Pair(lambda: zoo.TopScore(4), lambda: dense.TopScore(4), _STEPS),
    Pair(zoo.WeightedMerge, dense.WeightedMerge, _STEPS * 3, is_list=True),
    _pair(
        lambda: zoo.VectorQuantizer(64),
        lambda: moving.VectorQuantizer(64),
        _STEPS,
    ),
    _pair(
        lambda: zoo.KeyQueue(4096, 0.5),
        lambda: moving.KeyQueue(4096, 0.5),
        _ROWS * 2,
    ),
)

_ATTENTION = (
    Pair(lambda: zoo.AttentionPool(4), lambda: attention.AttentionPool(4), _STEPS),
    Pair(zoo.DotProductAttention, attention.DotProductAttention, _STEPS * 2),
    Pair(
        lambda: zoo.MultiHeadAttention(4, 32),
        lambda: _layers.MultiHeadAttention(4, 32),
        _STEPS * 2,
        weights=_PROJECTIONS,
    ),
    _pair(
        lambda: zoo.MultiHeadAttention(4, 32),
        lambda: _layers.MultiHeadAttention(4, 32),
        _STEPS * 2,
        weights=_PROJECTIONS,
    ),
    Pair(
        lambda: zoo.GroupedQueryAttention(4, 2, 32),
        lambda: attention.GroupedQueryAttention(4, 2, 32),
        _STEPS,
    ),
    Pair(zoo.RotaryEmbedding, attention.RotaryEmbedding, ((16, 64, 4, 32),)),
    Pair(
        lambda: zoo.WindowAttention(4, 4),
        lambda: attention.WindowAttention(4, 4),
        _IMAGES,
    ),
)

_BLOCKS = (
    Pair(lambda: zoo.ConvBlock(32), lambda: blocks.ConvBlock(32), _IMAGES),
    Pair(
        lambda: zoo.MaskedClassifier(10, 64),
        lambda: blocks.MaskedClassifier(10, 64),
        _STEPS,
    ),
    Pair(
        zoo.PreNormFeedForward,
        lambda: blocks.PreNormFeedForward(4, 0.1),
        _STEPS,
    ),
    Pair(lambda: zoo.ResidualMLP(2), lambda: blocks.ResidualMLP(2), _STEPS),
    Pair(lambda: zoo.SqueezeExcite(4), lambda: blocks.SqueezeExcite(4), _IMAGES),
    Pair(
        lambda: zoo.TransformerEncoderBlock(4, 32),
        lambda: attention.TransformerEncoderBlock(4, 32, 0.1),
        _STEPS,
        weights=(0, 1, *(2 + place for place in _PROJECTIONS), *range(10, 16)),
    ),
)

_SEQUENCES = (
    Pair(
        lambda: zoo.BigTable(_table),
        lambda: values.BigTable(_table),
        ((1024,),),
        tokens=10_000,
    ),
    Pair(
        lambda: zoo.DiffusionMixture(3), lambda: sequences.DiffusionMixture(3), _STEPS
    ),
    Pair(zoo.HaarWavelet, sequences.HaarWavelet, _STEPS),
    Pair(
        lambda: zoo.MaskedEmbedding(1000, 64),
        lambda: _layers.Embedding(1000, 64, mask_zero=True),
        ((16, 64),),
        tokens=1000,
    ),
    Pair(zoo.MaskedAveragePool, _layers.GlobalAveragePooling1D, _STEPS),
    Pair(zoo.PositionalEncoding, sequences.PositionalEncoding, _STEPS),
    Pair(lambda: zoo.Pyramid(3), lambda: sequences.Pyramid(3), _STEPS),
    Pair(
        lambda: zoo.TimestepEmbedding(64),
        lambda: sequences.TimestepEmbedding(64),
        ((64,),),
    ),
    Pair(
        lambda: zoo.TokenAndPositionEmbedding(1000, 64, 64),
        lambda: sequences.TokenAndPositionEmbedding(1000, 64, 64),
        ((16, 64),),
        tokens=1000,
    ),
)

_RECURRENT = (
    Pair(
        lambda: zoo.DiagonalStateSpace(8),
        lambda: recurrent.DiagonalStateSpace(8),
        ((16, 16, 64),),
    ),
    Pair(zoo.ExponentialAverage, recurrent.ExponentialAverage, ((16, 16, 64),)),
    Pair(
        lambda: _rnn(zoo.GatedRecurrentCell(64)),
        lambda: _rnn(_layers.GRUCell(64)),
        ((16, 8, 64),),
    ),
    Pair(
        lambda: _rnn(zoo.LeakyCell(64)),
        lambda: _rnn(recurrent.LeakyCell(64)),
        ((16, 8, 64),),
    ),
    Pair(
        lambda: zoo.LongShortTermMemory(64),
        lambda: _layers.LSTM(64, return_sequences=True),
        ((16, 16, 64),),
    ),
)

_VISION = (
    Pair(
        lambda: zoo.PatchEmbedding(4, 64),
        lambda: images.PatchEmbedding(4, 64),
        _PHOTOS,
    ),
    Pair(zoo.SobelEdges, images.SobelEdges, _IMAGES),
    Pair(lambda: zoo.SpaceToDepth(2), lambda: images.SpaceToDepth(2), _IMAGES),
    Pair(
        zoo.SpatialPyramidPooling,
        lambda: images.SpatialPyramidPooling((2, 4)),
        _IMAGES,
    ),
    Pair(
        lambda: zoo.SpatialTransformer((16, 16)),
        lambda: images.SpatialTransformer(16, 16),
        (*_PHOTOS, (16, 2, 3)),
    ),
)

PAIRS = (
    *_NORMALIZATION,
    *_REGULARIZATION,
    *_ACTIVATION,
    *_DENSE,
    *_ATTENTION,
    *_BLOCKS,
    *_SEQUENCES,
    *_RECURRENT,
    *_VISION,
)
"""Every layer of the zoo at least once."""
