"""The commands that sense and that measure resilience: what they say and write."""

from click.testing import CliRunner

from coordination.cli import cli
from coordination.errors import WriteError
from tests.sensing.test_corruptions import CORRUPTIONS, observations, write
from tests.verification import town


def test_sense_says_and_writes(tmp_path):
    """Findings are said with their rows, tables and the instance are written; a folder of others is refused."""
    rows = observations()
    row, _ = CORRUPTIONS["text for a value"](rows)
    folder = write(tmp_path / "case", rows)
    done = CliRunner().invoke(cli, ["sense", str(folder), "--out", str(tmp_path / "out")], catch_exceptions=False)
    assert done.exit_code == 0
    assert f"row {row}: value: found 'many'" in done.output
    assert (tmp_path / "out" / "turning.csv").is_file()
    assert (tmp_path / "out" / "instance" / "instance.yaml").is_file()
    refused = CliRunner().invoke(cli, ["sense", str(folder), "--out", str(folder)])
    assert isinstance(refused.exception, WriteError)


def test_resilience_says_and_writes(tmp_path):
    """A line for each zone, and both tables where they are asked for."""
    town.plan().save(tmp_path / "plan")
    arguments = ["resilience", str(tmp_path / "plan"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert "northern" in done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["curve.csv", "resilience.csv"]
