"""The table is measured by one command, and what it writes can be used."""

from coordination import tuning
from coordination.cli import cli
from coordination.solver.kinds import kind_of
from coordination.solver.table import OWN, parsed, table
from coordination.tuning import programs


def test_programs_are_of_every_kind(monkeypatch):
    """Supply is a flow, the whole relaxed is general, scenarios of supply are two-stage."""
    monkeypatch.setattr(programs, "CITIES", (3,))
    monkeypatch.setattr(programs, "SCENARIOS", (12,))
    assert [kind_of(form) for form in programs.programs()] == ["flow", "general", "two-stage"]


def test_tune_writes_a_table_to_use(tmp_path, monkeypatch, capsys):
    """The command measures, writes, and says how to use what it wrote."""
    supply, _ = programs._of_city(1)
    monkeypatch.setattr(tuning.measuring, "programs", lambda: iter([supply]))
    monkeypatch.setattr(tuning.measuring, "_ways", lambda: [("simplex", True, 1), ("ipx", False, 1)])
    cli(["tune", "--out", str(tmp_path / "own.json"), "--cap", "20"], standalone_mode=False)
    assert OWN in capsys.readouterr().out
    measured = parsed((tmp_path / "own.json").read_text(encoding="utf-8"))
    assert [entry.algorithm for entry in measured.entries] == ["simplex", "ipx"]
    assert all(entry.seconds is not None and entry.columns == supply.columns for entry in measured.entries)
    monkeypatch.setenv(OWN, str(tmp_path / "own.json"))
    assert table() == measured
