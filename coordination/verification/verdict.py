"""What a verification says: violations by rule, what was compared, what was not."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

SHOWN_PER_RULE = 8
"""How many violations of one rule a printed verdict lists; all of them are in ``violations``."""


@dataclass(frozen=True)
class Violation:
    """One rule that does not hold at one place of the plan.

    Attributes
    ----------
    rule : str
        Name of the rule, which is the name of its file and of the formulation's.
    where : str
        The row it is about, such as ``"place north, commodity water, period 3"``.
    amount : float
        By how much, in the rule's unit; 1 where a rule is simply broken.
    message : str
        The whole sentence for a planner: what, found, expected.
    """

    rule: str
    where: str
    amount: float
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


@dataclass(frozen=True)
class Verdict:
    """The second opinion on a plan.

    Attributes
    ----------
    violations : tuple of Violation
        Everything that does not hold, by rule in the order of the registry.
    checked : Mapping of str to int
        Rules gone through and how many comparisons each made.
    not_checked : tuple of str
        Sentences on what a verification from the folder alone cannot, or did not, check.
    name : str
        Name of the instance, for the heading.
    """

    violations: tuple[Violation, ...] = ()
    checked: Mapping[str, int] = field(default_factory=dict)
    not_checked: tuple[str, ...] = ()
    name: str = ""

    @property
    def ok(self) -> bool:
        """Whether every rule and every figure that was checked holds."""
        return not self.violations

    def __str__(self) -> str:
        return "\n".join([self._heading(), *self._broken(), *self._scope()])

    def _heading(self) -> str:
        comparisons = sum(self.checked.values())
        scope = f"{len(self.checked)} rules, {comparisons:,} comparisons"
        plan = f"plan of {self.name}" if self.name else "plan"
        if self.ok:
            return f"{plan}: every rule and every figure holds ({scope})"
        rules = len({violation.rule for violation in self.violations})
        found = len(self.violations)
        counted = f"{found:,} violation{'s' * (found != 1)} of {rules} rule{'s' * (rules != 1)}"
        return f"{plan}: {counted} ({scope})"

    def _broken(self) -> list[str]:
        counts = Counter(violation.rule for violation in self.violations)
        lines: list[str] = []
        for rule, count in counts.items():
            found = [violation for violation in self.violations if violation.rule == rule]
            lines.append(f"  {rule} ({count:,})")
            lines += [f"    {violation.message}" for violation in found[:SHOWN_PER_RULE]]
            if count > SHOWN_PER_RULE:
                lines.append(f"    and {count - SHOWN_PER_RULE:,} more")
        return lines

    def _scope(self) -> list[str]:
        lines = []
        if self.checked:
            lines.append("  checked: " + ", ".join(f"{rule} {n:,}" for rule, n in self.checked.items()))
        return lines + [f"  not checked: {sentence}" for sentence in self.not_checked]
