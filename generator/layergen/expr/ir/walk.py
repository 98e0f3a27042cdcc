"""Ways through a tree: what is inside, what is used, what stands for a part."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from layergen.expr.ir.nodes import (
    Apply,
    Attribute,
    Binary,
    Builtin,
    Call,
    Compare,
    Comprehension,
    Conditional,
    Display,
    Dots,
    Expr,
    Index,
    Literal,
    Logical,
    Name,
    Slice,
    Spread,
    Subscript,
    Unary,
)
from layergen.expr.ir.statements import (
    Assign,
    Body,
    Evaluating,
    For,
    Function,
    If,
    Statement,
    Update,
)
from layergen.expr.ir.types import (
    Symbol,
)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one, in the order in which they are written."""
    match expr:
        case Literal() | Name():
            return ()
        case Call(args=args, keywords=keywords):
            return args + tuple(value for _, value in keywords)
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Logical(values=values):
            return values
        case Conditional(test=test, then=then, otherwise=otherwise):
            return (then, test, otherwise)
        case Display(items=items):
            return items
        case Spread(value=value):
            return (value,)
        case Subscript(value=value, index=index):
            return (value, *index_parts(index))
        case Index(value=value, items=items):
            return (value, *(part for item in items for part in index_parts(item)))
        case Builtin(args=args):
            return args
        case Apply(callee=callee, args=args, keywords=keywords):
            return (callee, *args, *(value for _, value in keywords))
        case Comprehension(element=element, iterable=iterable, test=test):
            return (element, iterable) if test is None else (element, iterable, test)
        case Attribute(value=value):
            return (value,)


def index_parts(item: "Expr | Slice | Dots") -> "tuple[Expr, ...]":
    """The expressions of one item of an index."""
    match item:
        case Dots():
            return ()
        case Slice(start=start, stop=stop, step=step):
            return tuple(part for part in (start, stop, step) if part is not None)
    return (item,)


def rewrite(expr: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """An expression in which `change` has replaced parts, outermost first.

    Args:
        expr: the expression.
        change: gives what stands for a part, or None to look inside it.
    """
    if (changed := change(expr)) is not None:
        return changed

    def inner(part: Expr) -> Expr:
        return rewrite(part, change)

    match expr:
        case Literal() | Name():
            return expr
        case Call(args=args, keywords=keywords):
            named = tuple((name, inner(value)) for name, value in keywords)
            return replace(expr, args=tuple(map(inner, args)), keywords=named)
        case Unary(operand=operand):
            return replace(expr, operand=inner(operand))
        case Binary(left=left, right=right) | Compare(left=left, right=right):
            return replace(expr, left=inner(left), right=inner(right))
        case Logical(values=values):
            return replace(expr, values=tuple(map(inner, values)))
        case Conditional(test=test, then=then, otherwise=otherwise):
            test, then, otherwise = inner(test), inner(then), inner(otherwise)
            return replace(expr, test=test, then=then, otherwise=otherwise)
        case Display(items=items):
            return replace(expr, items=tuple(map(inner, items)))
        case Spread(value=value) | Subscript(value=value):
            return replace(expr, value=inner(value))
        case Index(value=value):
            return replace(expr, value=inner(value))
        case Builtin(args=args):
            return replace(expr, args=tuple(map(inner, args)))
        case Apply(callee=callee, args=args, keywords=keywords):
            named = tuple((name, inner(value)) for name, value in keywords)
            passed = tuple(map(inner, args))
            return replace(expr, callee=inner(callee), args=passed, keywords=named)
        case Comprehension(element=element, iterable=iterable):
            return replace(expr, element=inner(element), iterable=inner(iterable))
        case Attribute(value=value):
            return replace(expr, value=inner(value))


def rewrite_body(body: Body, change: Callable[[Expr], Expr | None]) -> Body:
    """A body in whose expressions `change` has replaced parts, as in `rewrite`."""
    return tuple(_rewrite_statement(statement, change) for statement in body)


def _rewrite_statement(
    statement: Statement, change: Callable[[Expr], Expr | None]
) -> Statement:
    match statement:
        case If(test=test, then=then, otherwise=otherwise):
            return replace(
                statement,
                test=rewrite(test, change),
                then=rewrite_body(then, change),
                otherwise=rewrite_body(otherwise, change),
            )
        case For(iterable=iterable, body=body):
            inner = rewrite_body(body, change)
            return replace(statement, iterable=rewrite(iterable, change), body=inner)
        case Function(body=body):
            return replace(statement, body=rewrite_body(body, change))
    return replace(statement, value=rewrite(statement.value, change))


def walk(expr: Expr) -> Iterator[Expr]:
    """An expression and all inside it, outermost first."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def statements(body: Body) -> Iterator[Evaluating]:
    """The statements of a body, of its branches and of its functions, in order.

    A function's `def` evaluates nothing itself: what is in it stands for it.
    """
    for statement in body:
        if isinstance(statement, Function):
            yield from statements(statement.body)
            continue
        yield statement
        if isinstance(statement, If):
            yield from statements(statement.then)
            yield from statements(statement.otherwise)
        elif isinstance(statement, For):
            yield from statements(statement.body)


def expression(statement: Evaluating) -> Expr:
    """The expression that a statement evaluates itself: value, test or sequence."""
    match statement:
        case If(test=test):
            return test
        case For(iterable=iterable):
            return iterable
    return statement.value


def symbols(expr: Expr) -> Iterator[Symbol]:
    """The symbols that an expression uses, in order, with repetitions."""
    return (node.symbol for node in walk(expr) if isinstance(node, Name))


def read_after_update(body: Body) -> set[str]:
    """The states that are read again after they were given a new value."""
    reads: dict[str, set[str]] = {}
    for statement in body:
        if isinstance(statement, Function):
            reads[statement.symbol.name] = _read(statement.body, reads)
    return _reread(body, frozenset(), reads)


def _reread(
    body: Body, updated: frozenset[str], reads: Mapping[str, set[str]]
) -> set[str]:
    """Those of `updated`, and of what the body updates, that it then reads."""
    found: set[str] = set()
    for statement in body:
        if isinstance(statement, Function):
            continue  # it reads where it is used
        found |= _used(statement, reads) & updated
        if isinstance(statement, Update):
            updated |= {statement.target.name}
        elif isinstance(statement, If):
            found |= _reread(statement.then, updated, reads)
            found |= _reread(statement.otherwise, updated, reads)
            inner = statements((*statement.then, *statement.otherwise))
            updated |= {s.target.name for s in inner if isinstance(s, Update)}
        elif isinstance(statement, For):
            inner = statements(statement.body)
            updated |= {s.target.name for s in inner if isinstance(s, Update)}
            found |= _reread(statement.body, updated, reads)
    return found


def _used(statement: Evaluating, reads: Mapping[str, set[str]]) -> set[str]:
    """The names that a statement evaluates itself, those inside functions too."""
    names = {symbol.name for symbol in symbols(expression(statement))}
    return names.union(*(reads[name] for name in names & reads.keys()))


def _read(body: Body, reads: Mapping[str, set[str]]) -> set[str]:
    return set().union(*(_used(statement, reads) for statement in statements(body)))


def targets(body: Body) -> Iterator[Symbol]:
    """The variables that a body gives values, in order, with repetitions."""
    for statement in statements(body):
        if isinstance(statement, Assign | For):
            yield from statement.targets


def body_symbols(body: Body) -> Iterator[Symbol]:
    """The symbols that a body reads or updates."""
    for statement in statements(body):
        yield from symbols(expression(statement))
        if isinstance(statement, Update):
            yield statement.target
