"""An independent evaluation of specs in NumPy, in double precision.

It sees the typed tree as it was bound, before any pass, and knows nothing of how
code is emitted; so what it expects of the generated code is a second opinion.
"""
