"""Body -> the lists that grow by `xs = [*xs, x]`, which Python writes as an append."""

from collections.abc import Iterator

from layergen.expr import ir


def growth(statement: ir.Statement) -> tuple[str, ir.Expr] | None:
    """The list to which a statement adds a tensor at its end, and what it adds."""
    match statement:
        case ir.Assign(
            targets=(ir.Symbol(name=name),),
            value=ir.Display(
                items=(ir.Spread(value=ir.Name(symbol=ir.Symbol(name=same))), item)
            ),
        ) if same == name and not isinstance(item.type, ir.ScalarType):
            return None if isinstance(item, ir.Spread) else (name, item)
    return None


def growing_lists(body: ir.Body) -> frozenset[str]:
    """The lists that may be changed in place, as they have one name only."""
    grown = (growth(statement) for statement in ir.statements(body))
    names = {found[0] for found in grown if found}
    return frozenset(name for name in names if _has_one_name(body, name))


def _has_one_name(body: ir.Body, name: str) -> bool:
    return all(_keeps_one_name(each, name) for each in ir.statements(body))


def _keeps_one_name(statement: ir.Statement, name: str) -> bool:
    grown = growth(statement)
    if grown and grown[0] == name:
        return name not in _kept(grown[1])
    match statement:
        case ir.Assign(targets=targets, value=value):
            if name in {symbol.name for symbol in targets}:
                is_own = len(targets) == 1 and (
                    _is_new_list(value) or isinstance(value.type, ir.ArrayType)
                )
                return is_own and name not in _kept(value)
            return name not in _kept(value)
        case ir.For(iterable=iterable, body=inner):
            read = {symbol.name for symbol in ir.symbols(iterable)}
            found = (growth(each) for each in ir.statements(inner))
            return name not in read or name not in {f[0] for f in found if f}
    return True


def _is_new_list(value: ir.Expr) -> bool:
    """Whether a value is a list that is made there, and printed as one."""
    match value:
        case ir.Display(items=items, is_list=True):
            return not any(isinstance(item.type, ir.ScalarType) for item in items)
        case ir.Comprehension(element=element):
            return not isinstance(element.type, ir.ScalarType)
    return False


def _kept(value: ir.Expr) -> Iterator[str]:
    """The names whose values an assigned value is, or holds."""
    match value:
        case ir.Name(symbol=symbol):
            yield symbol.name
        case ir.Display(items=items):
            for item in items:
                yield from _kept(item)
        case ir.Conditional(then=then, otherwise=otherwise):
            yield from _kept(then)
            yield from _kept(otherwise)
        case ir.Comprehension(element=element):
            yield from _kept(element)
