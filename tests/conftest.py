import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="write what layergen says now into the cases of diagnostics and reviews",
    )
    parser.addoption(
        "--claims",
        type=int,
        default=0,
        help="random changes of specs whose review is held against Keras",
    )
