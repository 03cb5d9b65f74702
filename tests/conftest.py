"""What holds for every test."""

import os

from hypothesis import settings

from tests.support.surroundings import leave_pipeline

# No test may depend on how fast the machine is.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
# Nor on who runs it.
leave_pipeline(os.environ)
