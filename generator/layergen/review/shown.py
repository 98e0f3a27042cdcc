"""Facts as people read them."""

from layergen.layer import KerasObject


def show_object(given: KerasObject) -> str:
    """An initializer, a regularizer or a constraint."""
    settings = ", ".join(f"{name}={value!r}" for name, value in given.parameters)
    return f"{given.name}({settings})" if settings else given.name
