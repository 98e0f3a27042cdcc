"""Write the page of pitfalls: `python -m tests.pitfalls`."""

from tests.pitfalls.table import PAGE, render

PAGE.write_text(render(), "utf-8")
