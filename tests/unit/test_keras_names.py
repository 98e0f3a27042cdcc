"""Which names a spec may take."""

import ast
import builtins
from pathlib import Path

import pytest

from layergen.expr.builtins import BUILTINS
from layergen.keras_tables.names import (
    USED_NAMES,
    refuse_class_name,
    refuse_input_name,
    refuse_name,
    refuse_package_name,
    warn_class_name,
    warn_name,
)
from layergen.keras_tables.objects import (
    ACTIVATIONS,
    CONSTRAINTS,
    INITIALIZERS,
    REGULARIZERS,
    find_activation,
    find_constraint,
    find_initializer,
    find_regularizer,
)
from layergen.nearest import nearest


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("losses", "`losses` is an attribute of keras.layers.Layer"),
        ("dtype", "`dtype` is an argument of keras.layers.Layer itself"),
        ("input_shape", "`input_shape` is the shape that Keras passes to `build`"),
        ("mask", "`mask` is the mask that Keras passes to `call`"),
        ("training", "`training` is the flag that Keras passes to `call`"),
        ("half", "`half` is an attribute of a layer under PyTorch"),
        (
            "train_function",
            "`train_function` is an attribute of a layer under TensorFlow",
        ),
        (
            "save_assets",
            "`save_assets` is a method that Keras calls on a layer that has it",
        ),
        ("config", "`config` is a key of Keras's own in a saved layer"),
        ("lock", "`_lock`, where its value may be kept, is Keras's own"),
        ("lambda", "`lambda` is a keyword of Python"),
        ("match", "`match` is a keyword of Python"),
        ("_", "`_` is a keyword of Python"),
        ("_table", "`_table` begins with an underscore"),
        ("__init__", "`__init__` begins with an underscore"),
        ("Units", "`Units` is not made of lower-case letters, digits and underscores"),
        ("naïve", "`naïve` is not made of lower-case letters, digits and underscores"),
        ("a b", "`a b` is not made of lower-case letters, digits and underscores"),
        ("", "`` is not made of lower-case letters, digits and underscores"),
        ("a\n", "`a\n` is not made of lower-case letters, digits and underscores"),
    ],
)
def test_names_that_are_refused(name: str, reason: str) -> None:
    assert refuse_name(name) == reason
    assert warn_name(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "units",
        "scale",
        "kernel",
        "activation",
        "state_size",
        "output_size",
        "axis",
        "seed",
        "zero_output_for_mask",
        "use_bias",
        "kernel_initializer",
        "data_format",
        "table",
    ],
)
def test_names_that_are_free(name: str) -> None:
    assert refuse_name(name) is None
    assert warn_name(name) is None


def test_names_of_models_are_only_warned_about() -> None:
    assert refuse_name("optimizer") is None
    assert warn_name("optimizer") == "`optimizer` is an attribute of keras.Model"


@pytest.mark.parametrize(
    "name", ["inputs", "query", "name", "dtype", "use_causal_mask"]
)
def test_names_that_inputs_may_have(name: str) -> None:
    assert refuse_input_name(name, ["value"]) is None


def test_names_that_inputs_may_not_have() -> None:
    assert refuse_input_name("training") == refuse_name("training")
    assert refuse_input_name("mask") == refuse_name("mask")
    assert refuse_input_name("query_mask", ["query"]) == (
        "`query_mask` is what Keras calls the mask of `query`"
    )
    assert refuse_input_name("query_shape", ["query"]) == (
        "`query_shape` is what Keras calls the shape of `query`"
    )
    assert refuse_input_name("X") is not None


def test_functions_that_generated_code_calls_are_no_names() -> None:
    """Else an argument or a variable could hide them; not those that authors call."""
    folder = Path(__file__).parents[2] / "generated"
    paths = [*folder.glob("zoo/*.py"), *folder.glob("seeds/*.py")]
    assert paths
    nodes = [n for path in paths for n in ast.walk(ast.parse(path.read_text("utf-8")))]
    used = {n.id for n in nodes if isinstance(n, ast.Name) and hasattr(builtins, n.id)}
    assert {name for name in used if name.islower()} <= USED_NAMES | BUILTINS.keys()


def test_class_names() -> None:
    assert refuse_class_name("ScaledLinear") is None
    assert refuse_class_name("True") == "`True` is a name of Python's own"
    assert refuse_class_name("ValueError") == "`ValueError` is a name of Python's own"
    assert refuse_class_name("Layer") == "`Layer` is imported by the generated module"
    assert refuse_class_name("scaled") is not None
    assert refuse_class_name("Über") is not None
    assert warn_class_name("Dense") == "`Dense` is also a class of keras.layers"
    assert warn_class_name("BiasedDense") is None


def test_package_names() -> None:
    assert refuse_package_name("seeds") is None
    assert refuse_package_name("tests") == "`tests` is where the generated tests stand"
    assert (
        refuse_package_name("json") == "`json` is a module of Python's standard library"
    )
    assert refuse_package_name("keras") == "`keras` is a package that would be hidden"
    assert refuse_package_name("my-layers") is not None
    assert refuse_package_name("class") == "`class` is a keyword of Python"


def test_entries_are_found_in_every_spelling() -> None:
    assert find_initializer("GlorotUniform") is INITIALIZERS["glorot_uniform"]
    assert find_initializer("normal") is INITIALIZERS["random_normal"]
    assert find_regularizer("L1L2") is REGULARIZERS["l1_l2"]
    assert find_constraint("MaxNorm") is CONSTRAINTS["max_norm"]
    assert find_activation("swish") is ACTIVATIONS["silu"]
    assert find_initializer("glorot") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("glorot_unifrom", "glorot_uniform"),
        ("GlorotUnifrom", "glorot_uniform"),
        ("ones_", "ones"),
        ("qqq", None),
        ("", None),
    ],
)
def test_the_nearest_name(name: str, expected: str | None) -> None:
    assert nearest(name, INITIALIZERS) == expected


def test_the_nearest_name_does_not_depend_on_order() -> None:
    assert nearest("kernal", ["kernel", "kernels"]) == "kernel"
    assert nearest("kernal", ["kernels", "kernel"]) == "kernel"
