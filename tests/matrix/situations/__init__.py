"""The situations, by topic; importing them fills `SITUATIONS` in this order."""

from tests.matrix.situations import calls as calls
from tests.matrix.situations import distribution as distribution
from tests.matrix.situations import exporting as exporting
from tests.matrix.situations import policies as policies
from tests.matrix.situations import saving as saving
from tests.matrix.situations import training as training
