"""The coach of one run of the program: rules and classifier, read once for all its calls."""

from typing import Protocol, runtime_checkable

from agentassist.call import Call
from agentassist.commands.options import classifier
from agentassist.in_force import version
from agentassist.labels import Classify
from agentassist.pipeline import Stage, stages
from agentassist.rulebook import Rulebook
from agentassist.store.records import Versions


@runtime_checkable
class Versioned(Protocol):
    """A classifier that can tell which one it is."""

    @property
    def version(self) -> str: ...


class Coach:
    """What derives a call from what was heard."""

    def __init__(self, rulebook: Rulebook, *, rules_only: bool) -> None:
        self.rulebook = rulebook
        self.classify: Classify = classifier(rulebook, rules_only=rules_only)

    def stages(self) -> list[Stage]:
        """Fresh stages for one call."""
        return stages(self.rulebook, self.classify)

    def versions(self, call: Call) -> Versions:
        """For the record of the call; waits until the classifier is known."""
        named = self.classify.version if isinstance(self.classify, Versioned) else "rules alone"
        return Versions(version(self.rulebook, call.started), named)
