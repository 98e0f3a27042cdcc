"""Products over axes."""

from layergen.expr import results, sizes
from layergen.expr.ops.row import row

PRODUCTS = (
    row(
        "matmul",
        "x1: tensor, x2: tensor",
        results.promoted,
        "matrix product over the last axes",
        early=True,
    ),
    row(
        "einsum",
        "subscripts: text, *operands: tensor",
        results.of_operands,
        "sum of products over named axes",
        early=True,
    ),
    row(
        "tensordot",
        "x1: tensor, x2: tensor, axes: nested = 2",
        results.of_pair,
        "sum of products over pairs of axes",
        early=True,
    ),
    row(
        "outer",
        "x1: tensor, x2: tensor",
        results.promoted,
        "every product of two vectors' elements",
        early=True,
        converts=True,
    ),
    row(
        "dot_product_attention",
        "query: tensor, key: tensor, value: tensor, bias: tensor = None, "
        "mask: mask = None, scale: number = None, is_causal: bool = False",
        results.floats,
        "values weighed by how queries meet keys",
        single="partly",
        sizes=sizes.GROUPED_HEADS,
    ),
)
