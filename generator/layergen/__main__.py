"""`python -m layergen`: the command line."""

import sys

from layergen.cli import main

sys.exit(main())
