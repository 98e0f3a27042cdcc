"""Where layergen's own files stand, installed or in a checkout."""

from importlib.resources import files
from pathlib import Path


def package_folder() -> Path:
    """The folder of the package's modules."""
    return Path(__file__).resolve().parent


def templates_folder() -> Path:
    """The templates: inside the package, else at the repository's root."""
    installed = Path(str(files("layergen"))) / "templates"
    if installed.is_dir():
        return installed
    return package_folder().parents[1] / "templates"
