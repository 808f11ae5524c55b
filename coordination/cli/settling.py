"""The command ``settle``: read a plan, settle it, write, say who bears what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from coordination.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from coordination.plans import Plan

MOST_ROWS = 30
"""Rows of a table that are printed; all of them are in the folder."""


def run_settle(folder: Path, out: Path, **options: Any) -> int:
    """Settle a plan folder and write the settlement.

    Parameters
    ----------
    folder, out : Path
        Plan and settlement.
    **options
        Of `coordination.settlement.settle`.

    Returns
    -------
    int
        0 where no subset gains by leaving, 1 where one would.
    """
    from coordination.plans import refuse_to_overwrite
    from coordination.settlement import settle

    refuse_to_overwrite(out)
    settled = settle(folder, **options)
    settled.save(out)
    click.echo("\n".join(told(settled)))
    click.echo(f"Written to {out}; check it with: coordination verify {out}")
    record = settled.settlement or {}
    return 0 if record["stable"] else 1


def told(settled: Plan) -> list[str]:
    """Return a settlement in lines: what it means, shares, ledger, certificate, remarks."""
    record = settled.settlement or {}
    currency = settled.instance.currency
    paid = settled.shares[settled.shares["method"] == record["method"]]
    pays = {position["party"]: position["pays"] for position in record["positions"]}
    lines = [
        *record["words"],
        "",
        f"{'player':<28}{'alone':>18}{'in the plan':>18}{'pays':>18}{'bears':>18}  {currency}",
    ]
    for row in paid.head(MOST_ROWS).itertuples():
        lines.append(f"{row.party:<28}{row.cost_alone:>18,.2f}{row.cost_together:>18,.2f}{pays[row.party]:>18,.2f}"
                     f"{row.share:>18,.2f}")  # fmt: skip
    if len(paid) > MOST_ROWS:
        lines.append(f"  and {len(paid) - MOST_ROWS} more in shares.csv")
    lines += ["", "Certificate:", *(f"  {sentence}" for sentence in record["certificate"])]
    lines += ["", f"Ledger: {counted(len(settled.ledger), 'payment')}, {settled.ledger['money'].sum():,.2f} {currency}"]
    for payer, to, reason, money in settled.ledger.head(MOST_ROWS).itertuples(index=False):
        lines.append(f"  {payer} -> {to}: {money:,.2f} ({reason})")
    if len(settled.ledger) > MOST_ROWS:
        lines.append(f"  and {len(settled.ledger) - MOST_ROWS} more in ledger.csv")
    return lines + [f"Remark: {note}" for note in settled.notes]
