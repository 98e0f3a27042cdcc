"""Body -> the body whose products of tensors are calls of `matmul`.

On TensorFlow the operator `@` refuses vectors, and its gradient is slow where a tensor
of more axes meets a matrix, as in a dense layer over a sequence.
"""

from layergen.expr import ir


def call_products(body: ir.Body) -> ir.Body:
    """The body, with `matmul(x, y)` in place of `x @ y`."""
    return ir.rewrite_body(body, _change)


def _change(expr: ir.Expr) -> ir.Expr | None:
    match expr:
        case ir.Binary(operator="@", left=left, right=right):
            args = (ir.rewrite(left, _change), ir.rewrite(right, _change))
            return ir.Call(expr.span, expr.type, expr.known, "matmul", args, ())
    return None
