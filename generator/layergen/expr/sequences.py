"""Tuples, comprehensions, and parts of tensors and of tuples."""

import ast

from layergen.codes import language as codes
from layergen.expr import ir
from layergen.expr.names import NameBinder
from layergen.expr.promote import element
from layergen.expr.scope import literal_int


class SequenceBinder(NameBinder):
    """Binds what makes sequences, and what takes parts of them and of tensors."""

    def _display(self, node: ast.expr, elements: list[ast.expr]) -> ir.Expr:
        items = tuple(
            self.spread(e) if isinstance(e, ast.Starred) else self.expr(e)
            for e in elements
        )
        known = max((item.known for item in items), default=ir.Known.CONFIG)
        types: list[ir.Type] = []
        open_ended = False
        for item in items:
            inner = item.type if isinstance(item, ir.Spread) else None
            if isinstance(inner, ir.TupleType) and inner.items is not None:
                types += inner.items
            else:
                open_ended |= inner is not None
                types.append(item.type if inner is None else element(inner))
        result = ir.TupleType(tuple(types))
        if open_ended:
            result = ir.TupleType(None, element(result))
        is_list = isinstance(node, ast.List)
        return ir.Display(self.parsed.span(node), result, known, items, is_list)

    def spread(self, node: ast.Starred) -> ir.Expr:
        """Bind `*xs`."""
        value = self.expr(node.value)
        if not isinstance(value.type, ir.TupleType | ir.AnyType):
            message = f"`*` takes the elements of a tuple, this is {value.type}"
            self.error(codes.WRONG_TYPE, message, node.value)
        return ir.Spread(self.parsed.span(node), value.type, value.known, value)

    def _subscript(self, node: ast.Subscript) -> ir.Expr:
        value = self.expr(node.value)
        several = value.type == ir.ANY and isinstance(node.slice, ast.Tuple)
        if several or isinstance(value.type, ir.ArrayType):
            return self._index(node, value)
        if isinstance(node.slice, ast.Slice):
            return self._part(node, node.slice, value)
        if isinstance(value.type, ir.TupleType) and isinstance(node.slice, ast.Tuple):
            message, note = "a tuple has one index", "take one of its elements first"
            self.error(codes.WRONG_TYPE, message, node.slice, note)
            return self.invalid(node)
        index = self.expr(node.slice)
        is_told = value.type == ir.ANY and self.found.has_errors
        if index.type not in (ir.INT, ir.ANY) and not is_told:
            self.error(codes.WRONG_TYPE, "an index must be an integer", node.slice)
            return self.invalid(node)
        if value.type != ir.ANY and not isinstance(value.type, ir.TupleType):
            self.error(codes.WRONG_TYPE, f"{value.type} has no elements", node.value)
            return self.invalid(node)
        result = self._element(node, value.type, index)
        known = max(value.known, index.known)
        return ir.Subscript(self.parsed.span(node), result, known, value, index)

    def _part(self, node: ast.Subscript, written: ast.Slice, value: ir.Expr) -> ir.Expr:
        """A slice of a tuple."""
        if not isinstance(value.type, ir.TupleType | ir.AnyType):
            self.error(codes.WRONG_TYPE, f"{value.type} has no elements", node.value)
            return self.invalid(node)
        index = self._slice(written, "`reversed(xs)` reverses")
        known = max([value.known, *(b.known for b in ir.index_parts(index))])
        result: ir.Type = ir.ANY
        if isinstance(value.type, ir.TupleType):
            result = ir.TupleType(None, element(value.type))
            bounds = (index.start, index.stop, index.step)
            literals = [None if b is None else literal_int(b) for b in bounds]
            fixed = all(b is None or n for b, n in zip(bounds, literals, strict=True))
            if value.type.items is not None and fixed:
                result = ir.TupleType(value.type.items[slice(*literals)])
        return ir.Subscript(self.parsed.span(node), result, known, value, index)

    def _element(self, node: ast.Subscript, outer: ir.Type, index: ir.Expr) -> ir.Type:
        if not isinstance(outer, ir.TupleType):
            return ir.ANY
        position = literal_int(index)
        if outer.items is None or position is None:
            return element(outer)
        if not -len(outer.items) <= position < len(outer.items):
            message = f"there are {len(outer.items)} elements, none at {position}"
            self.error(codes.WRONG_TYPE, message, node.slice)
            return ir.ANY
        return outer.items[position]

    def _index(self, node: ast.Subscript, value: ir.Expr) -> ir.Expr:
        """Part of a tensor."""
        written = node.slice
        parts = written.elts if isinstance(written, ast.Tuple) else [written]
        items = tuple(self._index_item(part) for part in parts)
        bounds = [b for item in items for b in ir.index_parts(item)]
        known = max([value.known, *(bound.known for bound in bounds)])
        return ir.Index(self.parsed.span(node), value.type, known, value, items)

    def _index_item(self, node: ast.expr) -> ir.Expr | ir.Slice | ir.Dots:
        if isinstance(node, ast.Slice):
            return self._slice(node, "`flip(x, axis)` reverses an axis")
        if isinstance(node, ast.Constant) and node.value is ...:
            return ir.Dots()
        if isinstance(node, ast.Constant) and node.value is None:
            return self._constant(node)
        return self._index_bound(node)

    def _slice(self, node: ast.Slice, note: str) -> ir.Slice:
        start, stop, step = (
            None if bound is None else self._index_bound(bound)
            for bound in (node.lower, node.upper, node.step)
        )
        size = None if step is None else literal_int(step)
        if node.step is not None and size is not None and size <= 0:
            message = "a step must be positive"
            self.error(codes.NOT_IN_LANGUAGE, message, node.step, note)
        return ir.Slice(start, stop, step)

    def _index_bound(self, node: ast.expr) -> ir.Expr:
        bound = self.expr(node)
        if bound.type not in (ir.INT, ir.ANY):
            message = f"an index must be an integer, this is {bound.type}"
            note = ""
            if isinstance(bound.type, ir.ArrayType):
                note = "`take(x, indices, axis=...)` reads entries at a tensor's places"
            self.error(codes.WRONG_TYPE, message, node, note)
        return bound

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> ir.Expr:
        if len(node.generators) > 1 or node.generators[0].is_async:
            message = "a comprehension has one `for`"
            note = "put the inner one into brackets of its own, or write a loop"
            self.error(codes.NOT_IN_LANGUAGE, message, node, note)
            return self.invalid(node)
        clause = node.generators[0]
        iterable = self.expr(clause.iter)
        outer = dict(self.scope.locals)
        targets = self.loop_targets(clause.target, iterable)
        tests = [self.condition(test) for test in clause.ifs]
        value = self.expr(node.elt)
        self.scope.locals = outer
        test = tests[0] if len(tests) == 1 else None
        if len(tests) > 1:
            test = self.joined(node, "and", tests)
        known = max(part.known for part in (iterable, value, *tests))
        result = ir.TupleType(None, value.type)
        span = self.parsed.span(node)
        return ir.Comprehension(span, result, known, value, targets, iterable, test)
