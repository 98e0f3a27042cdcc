"""Layer -> Layer, and where each parameter of it lives in the generated class."""
