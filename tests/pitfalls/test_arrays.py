"""Array files are copied in this machine's byte order; without Keras."""

import io
from pathlib import Path

import numpy as np

from layergen.artifact import Target
from layergen.compiler import compile_source
from layergen.source import Source

SPEC = """\
layergen: 1
name: Scaled
package: pitfalls
summary: Multiplies its input by a table.
inputs: {inputs: {shape: [batch, 3]}}
parameters:
  table: {role: constant, file: table.npy}
call: |
  return inputs * table
outputs: {shape: like inputs}
"""


def test_file_of_another_byte_order(tmp_path: Path) -> None:
    given = np.array([0.5, 1.5, 2.5], np.dtype("float64").newbyteorder())
    np.save(tmp_path / "table.npy", given)
    assert not np.load(tmp_path / "table.npy").dtype.isnative
    compiled = compile_source(Source("a.yaml", SPEC, str(tmp_path)), Target())
    (copied,) = (a for a in compiled.artifacts if a.path.endswith(".npy"))
    array = np.load(io.BytesIO(copied.content))
    assert array.dtype.isnative
    np.testing.assert_array_equal(array, [0.5, 1.5, 2.5])
