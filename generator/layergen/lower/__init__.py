"""Document -> Layer: names are bound, roles and their sources decided.

Everything that can be told wrong without a number is told here; `oracle` then
evaluates what this yields.
"""

from pathlib import Path

from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import Layer
from layergen.loading.load import Document
from layergen.lower.arguments import lower_arguments, lower_deprecated
from layergen.lower.attributes import lower_attributes
from layergen.lower.call import lower_call, static_sizes
from layergen.lower.carried import check_carried
from layergen.lower.children import Lower
from layergen.lower.examples import lower_examples
from layergen.lower.flags import lower_flags
from layergen.lower.former import check_former_names, former_packages
from layergen.lower.inputs import lower_inputs, name_dims
from layergen.lower.masks import lower_masking
from layergen.lower.names import check_names
from layergen.lower.outputs import lower_outputs
from layergen.lower.parameters import lower_parameters
from layergen.lower.precision import check_precision
from layergen.lower.presence import check_presence
from layergen.lower.questions import check_questions, conditions
from layergen.lower.required import required_sizes
from layergen.lower.requires import lower_requires
from layergen.lower.seed import add_seed
from layergen.lower.settings import added_arguments
from layergen.lower.sublayers import lower_sublayers
from layergen.lower.unused import warn_unused


def lower(
    document: Document,
    found: Diagnostics,
    owners: tuple[str, ...] | None = None,
    *,
    known: frozenset[str] = frozenset(),
    lower_child: Lower | None = None,
) -> Layer:
    """The layer that a spec states; warnings go to `found`.

    Args:
        document: the spec.
        found: takes the mistakes.
        owners: the files of the specs that own this one; empty for a layer of Keras,
            whose names are Keras's business.
        known: the sizes that must be known at build, beside those that the spec shows.
        lower_child: lowers the specs of layers that it owns.

    Raises:
        SpecError: the parts of the spec do not fit together.
    """
    spec = document.spec
    if owners != ():
        check_names(document, found)
    if spec.approved:
        from layergen.lower.approvals import check_approvals  # reads all codes

        check_approvals(document, found)
    arguments = lower_arguments(document, found)
    mistakes = Diagnostics()
    inputs = lower_inputs(document, mistakes)
    flags = lower_flags(document, mistakes)
    found.extend(mistakes)
    if mistakes.has_errors:
        found.raise_if_errors()  # nothing else is sure without the inputs
    dims = name_dims(inputs, arguments)
    described = owners == ()
    parameters, required = lower_parameters(
        document, arguments, inputs, dims, found, described=described
    )
    files = (*(owners or ()), _file(document))
    sublayers = lower_sublayers(
        document,
        arguments,
        inputs,
        dims,
        parameters,
        files,
        lower_child or lower,
        found,
    )
    requires = lower_requires(document, arguments, dims, found)
    attributes = lower_attributes(document, arguments, dims, parameters, found)
    early = [*(r.test for r in requires), *(a.value for a in attributes)]
    shown = {symbol.name for expr in early for symbol in ir.symbols(expr)}
    shown |= required_sizes(sublayers, inputs)
    needed = {*required, *static_sizes(document, dims), *shown, *known}
    required = tuple(name for name in dims if name in needed)
    arguments = add_seed(document, arguments, parameters, found)
    arguments += added_arguments(parameters, arguments)
    check_former_names(document, arguments, parameters, found)
    given = (arguments, inputs, flags)
    outputs = lower_outputs(document, *given, dims, found, described=described)
    body = lower_call(
        document, *given, dims, parameters, sublayers, outputs, required, found
    )
    tests = (*(r.test for r in requires), *conditions(parameters, sublayers, outputs))
    check_questions(body, tests, arguments, inputs, found)
    check_precision(body, inputs, parameters, outputs, found)
    check_presence(
        document,
        inputs,
        dims,
        required,
        parameters,
        requires,
        sublayers,
        attributes,
        body,
        outputs,
        found,
    )
    masking = lower_masking(document, arguments, inputs, dims, found)
    if not described:
        check_carried(body, inputs, masking, found)
    examples = lower_examples(document, *given, outputs, masking, parameters, found)
    found.raise_if_errors()
    layer = Layer(
        document=document,
        name=spec.name,
        package=spec.package,
        former_packages=former_packages(document, found),
        summary=" ".join(spec.summary.split()),
        description=spec.description.strip(),
        references=tuple(" ".join(text.split()) for text in spec.references),
        arguments=arguments,
        deprecated=lower_deprecated(document),
        inputs=inputs,
        flags=flags,
        masking=masking,
        dims=dims,
        required_dims=required,
        parameters=parameters,
        requires=requires,
        sublayers=sublayers,
        attributes=attributes,
        body=body,
        written=body,
        outputs=outputs,
        examples=examples,
    )
    warn_unused(layer, found)
    return layer


def _file(document: Document) -> str:
    """Where a spec stands, to tell whether it owns itself."""
    source = document.tree.source
    return str(Path(source.folder or "") / Path(source.path).name)
