"""What kinds go through in a process of its own."""

import functools
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
from tests.matrix.checks import check, check_values, model_of, predict, weights_of
from tests.matrix.kinds import MODULE, Kind, file_of
from tests.matrix.situations.policies import check_policy
from tests.matrix.situations.training import check_moved, fit, snapshot, to_move


def compute_in_double(kind: Kind) -> None:
    """Compute under the policy of double precision."""
    check_policy(kind, "float64")


def load_model(kind: Kind) -> None:
    """Load a model that another process saved."""
    assert kind.made  # imported, and by that registered
    model = keras.saving.load_model(file_of(kind, ".keras"))
    layer = model.layers[-1]
    assert type(layer) is kind.made
    check_values(kind, layer)
    check(kind, layer, model(kind.inputs))


RESULTS: list[Path] = []
"""Where this process puts what it finds."""


@functools.cache
def split_processor() -> None:
    """Make two logical devices of it; TensorFlow takes this once, before anything."""
    import tensorflow as tf

    (processor,) = tf.config.list_physical_devices("CPU")
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(processor, two)


def train_mirrored(kind: Kind) -> None:
    """Train on two logical devices; the copies of every variable must agree."""
    import tensorflow as tf

    split_processor()
    # The copies are brought together without collectives, which do not survive that
    # several models are trained in one process.
    copying = tf.distribute.HierarchicalCopyAllReduce()
    strategy = tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:1"], copying)
    with strategy.scope():
        model = model_of(kind)
    layer = model.layers[-1]
    before = snapshot(layer)
    fit(kind, model, batch_size=len(kind.inputs), jit_compile=False)
    check_trained(kind, layer, before)
    check_copies(layer, strategy, 2)
    check(kind, layer, predict(kind, model))


def check_trained(kind: Kind, layer: Any, before: dict[str, Any]) -> None:
    """One step on all inputs moved the states as on a single device."""
    check_moved(layer, before, to_move(kind, layer))
    after = snapshot(layer)
    for path, value in kind.expect_states(before).items():
        np.testing.assert_allclose(after[path], value, rtol=1e-5, atol=1e-6)


def check_copies(layer: Any, strategy: Any, count: int) -> None:
    """The copies of every variable agree."""
    for path, weight in weights_of(layer).items():
        copies = strategy.experimental_local_results(weight.value)
        assert len(copies) == count, path
        for copy in copies[1:]:
            np.testing.assert_array_equal(copy.numpy(), copies[0].numpy(), path)


def train_data_parallel(kind: Kind) -> None:
    """Train on two devices, each with half of the inputs."""
    distribute(kind, keras.distribution.DataParallel())


def train_model_parallel(kind: Kind) -> None:
    """Train on two devices, each with a part of the kernels that can be halved."""
    devices = keras.distribution.list_devices()
    mesh = keras.distribution.DeviceMesh((1, 2), ["batch", "model"], devices)
    layout = keras.distribution.LayoutMap(mesh)
    layout[".*(kernel|projection)"] = (None, "model")
    distribute(kind, PARALLEL(layout_map=layout, batch_dim_name="batch"))


def distribute(kind: Kind, distribution: Any) -> None:
    """Train under a distribution of Keras."""
    assert len(keras.distribution.list_devices()) == 2
    with distribution.scope():
        model = model_of(kind)
        layer = model.layers[-1]
        before = snapshot(layer)
        fit(kind, model, batch_size=len(kind.inputs))
        check_trained(kind, layer, before)
        check(kind, layer, predict(kind, model))
    for path, weight in weights_of(layer).items():
        assert len(weight.value.sharding.device_set) == 2, path
        split = not weight.value.sharding.is_fully_replicated
        assert split == (path in SPLIT and isinstance(distribution, PARALLEL)), path


PARALLEL = keras.distribution.ModelParallel
SPLIT = {"kernel", "projection", "dense/kernel"}


@functools.cache
def join_cluster() -> Any:
    """The strategy of this process, made before TensorFlow does anything else."""
    import tensorflow as tf

    return tf.distribute.MultiWorkerMirroredStrategy()


def train_worker(kind: Kind) -> None:
    """Train as one of several processes, each with a part of the inputs."""
    import tensorflow as tf

    strategy = join_cluster()
    with strategy.scope():
        model = model_of(kind)
        optimizer = keras.optimizers.SGD(0.1)
        optimizer.build(model.trainable_variables)
    layer = model.layers[-1]
    before = snapshot(layer)
    own = np.array_split(kind.inputs, 2)[strategy.cluster_resolver.task_id]

    @tf.function
    def step() -> None:
        def train() -> None:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(model(own, training=True) - 3.0))
            slopes = tape.gradient(loss, [v.value for v in model.trainable_variables])
            optimizer.apply(slopes, model.trainable_variables)

        strategy.run(train)

    step()
    check_trained(kind, layer, before)
    check_copies(layer, strategy, 1)
    check(kind, layer)
    np.savez(RESULTS[-1] / f"{kind.name}.npz", **snapshot(layer))


def serve(kind: Kind) -> None:
    """Load a SavedModel where the generated code cannot be found."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(file_of(kind, "")))
    outputs = loaded.serve(kind.inputs)
    expected = np.load(file_of(kind, ".outputs.npy"))
    np.testing.assert_allclose(outputs.numpy(), expected, rtol=1e-5, atol=1e-6)
    assert not [name for name in sys.modules if name.startswith(MODULE)]
