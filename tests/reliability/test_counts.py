"""docs/reliability.md says how often each of these was tried, and it is as many as the tests try."""

import re

from tests.reliability.conftest import Stage
from tests.reliability.test_faults import FAULTS
from tests.support.documents import ROOT

GUIDE = ROOT / "docs" / "reliability.md"


def test_the_guide_tells_how_many_cases_there_were(stage: Stage) -> None:
    requests = sum(stage.requests.values())
    rows = dict(re.findall(r"^\| \[(\w+)\]\(.*\) \| .* \| (\d+) \|$", GUIDE.read_text("utf-8"), re.MULTILINE))

    assert rows == {"kill": str(2 * requests), "faults": str(len(FAULTS) * requests)}
