"""What holds for every test."""

import os

from hypothesis import Phase, settings

from tests.support.surroundings import leave_pipeline

# No test may depend on how fast the machine is.
settings.register_profile("unhurried", deadline=None)
# Where only counts that something fails, as when a safeguard was taken out, nobody needs the smallest example.
settings.register_profile("first failure", deadline=None, phases=[Phase.explicit, Phase.generate])
settings.load_profile("first failure" if os.environ.get("FIRST_FAILURE") else "unhurried")
# Nor on who runs it.
leave_pipeline(os.environ)
