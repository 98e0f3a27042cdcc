"""Layer -> source text: printing, layout and rendering of generated files."""
