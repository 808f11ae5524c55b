"""Outcomes as findings and sentences: what a change costs more, and how far that is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coordination.explanation import strings
from coordination.explanation.explanation import Finding
from coordination.instance.titles import labels
from coordination.wording import amount, gap_percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coordination.explanation.asking import Asker
    from coordination.explanation.changes import Change
    from coordination.plans import Plan

CENT = 0.005
"""Differences below this are none, in money."""


class Teller:
    """Asks, and says what came of it.

    Parameters
    ----------
    asker : Asker
        Plans changed instances.
    """

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self.parties = labels(self.plan.instance.parties, "party")

    @property
    def plan(self) -> Plan:
        """The plan that is explained."""
        return self.asker.plan

    def money(self, value: float) -> str:
        """Return an amount of money."""
        currency = self.plan.instance.currency
        return f"{amount(value)} {currency}" if currency else amount(value)

    def head(self) -> list[str]:
        """Return what all numbers are compared with."""
        now, plan, around = self.asker.now, self.plan, self.asker.around
        if now.cost is None:
            return [now.why]
        if around is not None:
            words = {"cost": self.money(now.cost), "gap": _gap(now.gap)}
            return [strings.AROUND.format(number=len(around.tasks), **words)]
        assert plan.objective is not None
        lines = [strings.NOW.format(cost=self.money(now.cost), gap=_gap(now.gap))]
        if now.gap != plan.gap:
            lines.append(strings.BETTER.format(cost=self.money(plan.objective), gap=_gap(plan.gap)))
        return lines

    def finding(
        self, change: Change, text: str, what: str, words: Mapping[str, str] | None = None, **ids: Any
    ) -> Finding:
        """Return what a change costs more, as a finding.

        Parameters
        ----------
        change : Change
            What to ask.
        text : str
            Template of the sentence, with ``cost`` and the fields of `words`.
        what : str
            As `Finding` has it.
        words : mapping of str to str, optional
            Fields of the sentence.
        **ids : str
            ``task``, ``role``, ``party``, ``holder``.
        """
        outcome, now, words = self.asker.ask(change), self.asker.now, words or {}
        if outcome.cost is None or outcome.bound is None or now.cost is None:
            why = outcome.why or now.why
            return Finding(what, text.format(cost=why, **words), why=why, **ids)
        cost = outcome.cost - now.cost
        least = outcome.bound - now.cost
        most = None if now.bound is None else outcome.cost - now.bound
        short = max(0.0, outcome.short - now.short)
        also = strings.ALSO_SHORT.format(tonnes=amount(short)) if short > 0.0 else ""
        sentence = text.format(cost=self._more(cost, least, most) + also, **words)
        return Finding(what, sentence, cost=cost, least=least, most=most, gap=outcome.gap, short=short, **ids)

    def _more(self, cost: float, least: float, most: float | None) -> str:
        off = None if most is None else max(cost - least, most - cost, 0.0)
        proof = strings.UNPROVEN if off is None else strings.PROOF.format(off=amount(off) if off >= CENT else "0")
        if abs(cost) < CENT:
            return strings.SAME.format(proof=proof)
        text = strings.MORE if cost > 0.0 else strings.LESS
        return text.format(money=self.money(abs(cost)), proof=proof)


def _gap(gap: float | None) -> str:
    return strings.NOTHING_PROVEN if gap is None else strings.WITHIN.format(gap=gap_percent(gap))
