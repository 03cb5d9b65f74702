"""A record that remembers what it was told, and fails where it is asked to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.core.asked import Asked, Seen
from reconciler.core.desired import DesiredState, declared
from reconciler.core.errors import KeepingError
from reconciler.core.journal import Remembered
from reconciler.core.outcome import ApplyReport, StepResult
from reconciler.core.plan import Plan
from reconciler.core.step import Step


@dataclass
class Kept:
    """`watch` is asked at each event, so that a test can see what had happened by then."""

    fail_at: str = ""
    watch: Callable[[], int] = lambda: 0
    declared: frozenset[str] = frozenset()
    overrides: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, Asked] = field(default_factory=dict)
    news: list[Seen] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    def remembered(self) -> Remembered:
        return Remembered(self.declared, self.waiting)

    def begin(self, plan: Plan, desired: DesiredState, overrides: Mapping[str, str]) -> None:
        assert plan.environment == desired.environment
        self.overrides = dict(overrides)
        self.declared = declared(desired)
        self._keep("begin")

    def before(self, step: Step) -> None:
        self._keep("before", step.id)

    def after(self, result: StepResult) -> None:
        self._keep("after", result.step.id, result.outcome)

    def end(self, report: ApplyReport, news: Iterable[Seen] = ()) -> None:
        self.news = list(news)
        self._keep("end", report.ending)

    def _keep(self, *words: str) -> None:
        if words[0] == self.fail_at:
            raise KeepingError(f"{words[0]} fails")
        self.events.append(" ".join(words))
        self.seen.append(self.watch())
