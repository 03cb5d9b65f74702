"""docs/reliability.md says how often each of these was tried, and it is as many as the tests try."""

import re

from tests.reliability import test_answers, test_everybody, test_files
from tests.reliability import test_canaries_at_forges as at_forges
from tests.reliability import test_canaries_beside as beside
from tests.reliability.conftest import Stage
from tests.reliability.safeguards import SAFEGUARDS
from tests.reliability.test_canaries import BREAKS, COMMANDS, ECHOES, MISTAKES, MOST_REQUESTS, ON_MISTAKES
from tests.reliability.test_faults import FAULTS
from tests.support.documents import ROOT

GUIDE = ROOT / "docs" / "reliability.md"


def how_many_of(module: object) -> int:
    return sum(name.startswith("test_") for name in vars(module))


def test_the_guide_tells_how_many_cases_there_were(stage: Stage) -> None:
    requests = sum(stage.requests.values())
    guide = GUIDE.read_text("utf-8")
    rows = dict(re.findall(r"^\| \[(\w+)\]\(.*\) \| .* \| (\d+) \|$", guide, re.MULTILINE))
    quick, of_columns = 2, 1
    files = test_files.USUALLY * (how_many_of(test_files) - quick + quick * test_files.TIMES_QUICK)
    canaries = len(COMMANDS) + len(ECHOES) * MOST_REQUESTS + len(MISTAKES) * len(ON_MISTAKES) + len(BREAKS)

    canaries += len(beside.MORE_LOOKING) + len(beside.LOOKING) * len(ECHOES) * beside.FIRST_REQUESTS
    canaries += len(MISTAKES) * len(beside.ON_MISTAKES) + len(beside.BREAKS)
    on_each_forge = len(at_forges.COMMANDS) * (1 + len(at_forges.ECHOES) * at_forges.MOST_REQUESTS)
    canaries += len(at_forges.KINDS) * (on_each_forge + len(at_forges.BREAKS))

    assert rows == {
        "kill": str(2 * requests),
        "faults": str(len(FAULTS) * requests),
        "everybody": str(test_everybody.USUALLY),
        "answers": str(test_answers.USUALLY * (how_many_of(test_answers) - of_columns)),
        "files": str(files),
        "canaries": str(canaries),
        "safeguards": str(len(SAFEGUARDS)),
    }
    assert f"at most {test_everybody.STEPS} actions" in guide
