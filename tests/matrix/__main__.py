"""Write the matrix into `docs/constants.md`: `python -m tests.matrix`.

The cells are what `pytest tests/matrix` shows, on the backend of KERAS_BACKEND.
"""

from tests.marked import write_marked
from tests.matrix import situations as situations
from tests.matrix.table import DOCUMENT, NAME, render

if __name__ == "__main__":
    write_marked(DOCUMENT, NAME, render())
