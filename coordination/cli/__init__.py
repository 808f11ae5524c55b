"""The command line: every command is one call of the library, with messages for people.

Exit codes: 0 done; 1 the answer is no (infeasible, verification failed); 2 the input or the usage is wrong;
130 interrupted (the best plan so far is written, and said so).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from coordination.instance import Instance

NO, WRONG, INTERRUPTED = 1, 2, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coordination")
@click.option("--verbose", "-v", is_flag=True, help="Log what is done and chosen.")
def cli(verbose: bool) -> None:
    """Plan what a core and its partners do together in an emergency: who sends what to whom, who answers for what."""
    if verbose:
        import logging

        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")


@cli.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--scenario", help="Check the network as this scenario leaves it.")
def check(instance: Path, scenario: str | None) -> None:
    """List all problems of an INSTANCE (folder, .xlsx, .json), or sum it up with what is worth knowing."""
    from coordination.network import Network
    from coordination.planning.disagreement import roles_that_keep_rules
    from coordination.planning.networked import refuse_what_coalitions_lack
    from coordination.planning.switching import modes_to_choose
    from coordination.wording import counted

    loaded = _load(instance, scenario)
    chooses = loaded.policy.mode == "optimise"
    modes = modes_to_choose(loaded) if chooses else []
    if not chooses:  # else which tasks are to be done, and so which rules bind, is still to be chosen
        roles_that_keep_rules(loaded)
    if loaded.policy.governance != "centralised":
        refuse_what_coalitions_lack(loaded)
    click.echo(str(loaded))
    findings = [*loaded.findings, *modes, *Network.of(loaded).findings()]
    if findings:
        click.echo(f"\n{counted(len(findings), 'finding')} (no errors):")
        for finding in findings:
            click.echo(f"  {finding}")
    click.echo("\nNo problems: the instance can be planned.")


@cli.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write the plan to.")
@click.option("--gap", default=1e-4, show_default=True, help="Stop when proven this close to the best, relative.")
@click.option("--time-limit", type=float, help="Seconds; the best plan so far is written with its gap.")
@click.option("--threads", type=int, help="Threads of the solver (default: all cores).")
@click.option("--seed", default=0, show_default=True, help="Seed of the solver.")
@click.option("--scenario", help="Plan for this scenario (default: none).")
@click.option("--pin", type=click.Path(path_type=Path), help="CSV of pins (table, where, column, value) to add.")
@click.option("--beside", type=click.Path(path_type=Path), help="Plan without these pins, to say what they cost.")
@click.option(
    "--governance",
    type=click.Choice(["centralised", "networked", "alone", "judgement"]),
    help="Who decides (policy.governance).",
)
@click.option("--by", help="Who decides together: party, or the level of a zone (policy.coalitions).")
@click.option("--rounds", type=int, help="Most rounds of prices of networked governance (policy.price_rounds).")
@click.option(
    "--decomposition", type=click.Choice(["prices", "consensus"]), help="How prices are found (policy.decomposition)."
)
@click.option("--excel", is_flag=True, help="Also write the plan as a workbook, OUT.xlsx.")
@click.option("--quiet", is_flag=True, help="No progress, no summary.")
def plan(
    instance: Path,
    out: Path,
    gap: float,
    time_limit: float | None,
    threads: int | None,
    seed: int,
    scenario: str | None,
    pin: Path | None,
    beside: Path | None,
    governance: str | None,
    by: str | None,
    rounds: int | None,
    decomposition: str | None,
    excel: bool,
    quiet: bool,
) -> None:
    """Plan the response to an INSTANCE: supply and responsibility together, with a proven gap."""
    from coordination.cli.planning import run_plan

    sys.exit(
        run_plan(
            instance,
            out,
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            seed=seed,
            scenario=scenario,
            pin=pin,
            beside=beside,
            policy={
                "governance": governance,
                "coalitions": by,
                "price_rounds": rounds,
                "decomposition": decomposition,
            },
            excel=excel,
            quiet=quiet,
        )
    )


@cli.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write the plan to.")
@click.option("--scenario", help="Plan for this scenario (default: none).")
@click.option("--excel", is_flag=True, help="Also write the plan as a workbook, OUT.xlsx.")
@click.option("--quiet", is_flag=True, help="No progress, no summary.")
def dispatch(instance: Path, out: Path, scenario: str | None, excel: bool, quiet: bool) -> None:
    """Plan an INSTANCE by the field rule: what careful dispatchers do without a solver, in seconds."""
    from coordination.cli.planning import run_plan

    sys.exit(run_plan(instance, out, excel=excel, quiet=quiet, by_rule=True, scenario=scenario))


@cli.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write the preparation to.")
@click.option("--gap", default=1e-4, show_default=True, help="Stop when proven this close to the best, relative.")
@click.option("--time-limit", type=float, help="Seconds for deciding; the best first stage so far is written.")
@click.option("--threads", type=int, help="Threads of the solver (default: all cores).")
@click.option("--seed", default=0, show_default=True, help="Seed of the solver.")
@click.option(
    "--method",
    type=click.Choice(["auto", "extensive", "benders"]),
    default="auto",
    show_default=True,
    help="All scenarios in one program, or decomposed; by default what is quicker.",
)
@click.option("--replay", default=1, show_default=True, help="Scenarios to plan fully afterwards, the likeliest first.")
@click.option("--keep", multiple=True, metavar="SCENARIO", help="Plan it fully and keep the plan; may be repeated.")
@click.option(
    "--level", help="Decide on the city put together by this level of zones; --replay plans the city in full."
)
@click.option("--draws", default=0, show_default=True, help="With forecasts: events to play each policy through.")
@click.option("--workers", type=int, help="Threads for scenario work (default: all cores).")
@click.option("--cluster", metavar="ADDRESS", help="Scheduler of a Dask cluster that takes scenario work.")
@click.option("--quiet", is_flag=True, help="No progress, no summary.")
def prepare(instance: Path, out: Path, quiet: bool, **options: Any) -> None:
    """Decide what to open, buy, move and keep ready before anything happens to an INSTANCE, over all its scenarios."""
    from coordination.cli.preparing import run_prepare

    sys.exit(run_prepare(instance, out, quiet=quiet, **options))


@cli.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--level", default="district", show_default=True, help="Zones below it go into those of the level.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Instance to write, as for all commands.")
def aggregate(instance: Path, level: str, out: Path) -> None:
    """Make an INSTANCE coarser: people, hours and tasks put together by a level of its zones, stores as they are."""
    from coordination.cli.aggregating import run_aggregate

    sys.exit(run_aggregate(instance, level, out))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
def verify(folder: Path) -> None:
    """Check every rule and every figure of a plan FOLDER again, from its tables alone."""
    from coordination.verification import verify as verify_plan

    verdict = verify_plan(folder)
    click.echo(str(verdict))
    sys.exit(0 if verdict.ok else NO)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for curve.csv and resilience.csv, with all parts.")
def resilience(folder: Path, out: Path | None) -> None:
    """Measure the resilience of a plan FOLDER, by zone: robustness, time to 90 %, four indices."""
    from coordination.plans import Plan
    from coordination.resilience import measure_resilience

    measured = measure_resilience(Plan.load(folder))
    click.echo("\n".join(measured.lines()))
    table = measured.wide().round(2) + 0.0  # no -0.00
    click.echo(table.to_string(float_format="{:.2f}".format, na_rep="–", max_rows=40))
    if out is not None:
        measured.save(out)
        click.echo(f"Wrote curve.csv and resilience.csv to {out}.")


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--task", help="Why a task is held by whom it is, what others would cost, why it has gaps.")
@click.option("--place", help="Why a place goes short, and what more of each limit would save.")
@click.option("--party", help="What a party does, how full its hours are, what breaks if it does not show up.")
@click.option("--gap", default=1e-6, show_default=True, help="Gap of the plans made anew to compare, relative.")
@click.option("--time-limit", type=float, help="Seconds for all of them; what found no time says so.")
@click.option("--threads", type=int, help="Threads of the solver (default: all cores).")
def explain(folder: Path, **options: Any) -> None:
    """Explain one thing of a plan FOLDER: why, and what else would cost; each number is planned again."""
    from coordination.cli.progress import progress
    from coordination.explanation import explain as explain_plan

    with progress(quiet=False) as shown:
        shown.stage("planning again, once for each question")
        explanation = explain_plan(folder, **options)
    click.echo(str(explanation))


@cli.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write what was sensed to.")
@click.option("--interval", default=0.8, show_default=True, help="Share of cases that intervals shall hold.")
@click.option("--quiet", is_flag=True, help="No summary.")
def sense(instance: Path, out: Path, interval: float, quiet: bool) -> None:
    """Sense what is coming from the observations of an INSTANCE; OUT/instance then has the needs ahead."""
    from coordination.cli.sensing import run_sensing

    run_sensing(instance, out, interval=interval, quiet=quiet)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Table of all parties to write, CSV.")
@click.option("--detailed", is_flag=True, help="In the table, a row for each thing that breaks.")
@click.option("--most", type=click.IntRange(min=1), default=20, show_default=True, help="Parties to show.")
def drop(folder: Path, out: Path | None, detailed: bool, most: int) -> None:
    """Say for every party of a plan FOLDER what breaks if it does not show up, the plan held as it is."""
    from coordination.cli.dropping import write_drops

    write_drops(folder, out, detailed=detailed, most=most)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to (default: FOLDER-settlement).")
@click.option(
    "--method",
    multiple=True,
    default=("owen",),
    show_default=True,
    help="owen, least_core, nucleolus, shapley, equal_profit or nash; of several the first is paid.",
)
@click.option("--by", default="party", show_default=True, help="Players: party, or the zones of a level.")
@click.option(
    "--roles",
    type=click.Choice(["fixed", "free"]),
    default="fixed",
    show_default=True,
    help="Whether a coalition keeps the plan's roles or plans anew.",
)
@click.option("--rights", type=click.Choice(["population", "use", "law"]), help="Other than policy.rights of the plan.")
@click.option(
    "--settle-in",
    type=click.Choice(["social_cost", "cash", "supplies"]),
    help="Other than policy.settle_in of the plan.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of an estimated Shapley value.")
@click.option("--time-limit", type=float, help="Seconds for each search of the worst coalition.")
def settle(folder: Path, out: Path | None, **options: Any) -> None:
    """Settle the plan in FOLDER: who bears what, who pays whom, and whether any subset gains by leaving."""
    from coordination.cli.settling import run_settle

    sys.exit(run_settle(folder, out or folder.with_name(f"{folder.name}-settlement"), **options))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--draws", default=300, show_default=True, help="Random single-party misreports.")
@click.option("--method", multiple=True, default=("owen",), show_default=True, help="Ways of sharing, as for settle.")
@click.option("--by", default="party", show_default=True, help="Players: party, or the zones of a level.")
@click.option("--seed", default=0, show_default=True, help="Seed of the draws.")
def honesty(folder: Path, **options: Any) -> None:
    """Say what a single party could gain by misreporting stocks or costs of the plan in FOLDER, by way of sharing."""
    from coordination.settlement.honesty import honesty as measured
    from coordination.settlement.honesty import told

    click.echo("\n".join(told(measured(folder, **options))))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--events", type=click.Path(path_type=Path), help="CSV of news (columns of table events).")
@click.option("--after", type=int, help="Periods carried out (default: from when the last news is known).")
@click.option("--window", type=int, help="Look so many periods ahead only; what that loses is printed (default: all).")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to (default: FOLDER-anew beside it).")
@click.option("--gap", default=1e-4, show_default=True, help="Stop when proven this close to the best, relative.")
@click.option("--time-limit", type=float, help="Seconds; the best plan so far is written with its gap.")
@click.option("--threads", type=int, help="Threads of the solver (default: all cores).")
@click.option("--seed", default=0, show_default=True, help="Seed of the solver.")
@click.option("--quiet", is_flag=True, help="No progress, no summary.")
def replan(folder: Path, out: Path | None, events: Path | None, after: int | None, quiet: bool, **options: Any) -> None:
    """Plan the rest of a plan FOLDER anew: from where it stands after some periods, with the news of EVENTS."""
    from coordination.cli.replanning import run_replan

    out = folder.resolve().with_name(f"{folder.resolve().name}-anew") if out is None else out
    sys.exit(run_replan(folder, out, events, after, quiet=quiet, **options))


@cli.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write the cycle to.")
@click.option("--truth", type=click.Path(path_type=Path), help="Instance that is true (default: perturbed by --seed).")
@click.option("--events", type=click.Path(path_type=Path), help="CSV of news (columns of table events).")
@click.option("--every", default=2, show_default=True, help="Periods between decisions.")
@click.option("--scenario", help="Scenario that strikes, or none (default: drawn by the true probabilities).")
@click.option("--gap", default=1e-3, show_default=True, help="Stop each decision when proven this close, relative.")
@click.option("--time-limit", type=float, help="Seconds for each decision.")
@click.option("--threads", type=int, help="Threads of the solver (default: all cores).")
@click.option("--seed", default=0, show_default=True, help="Seed of truth, event and solver.")
@click.option("--quiet", is_flag=True, help="No progress, no summary.")
def cycle(instance: Path, out: Path, **options: Any) -> None:
    """Play a cycle on an INSTANCE: prepare, resist, recover, adapt over a simulated event; writes the next instance."""
    from coordination.cli.cycling import run_cycle

    sys.exit(run_cycle(instance, out, **options))


@cli.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write the comparison to.")
@click.option("--truth", type=click.Path(path_type=Path), help="Instance that is true (default: perturbed by --seed).")
@click.option("--way", "ways", multiple=True, help="Way of deciding; may be repeated (default: all).")
@click.option("--ladder", is_flag=True, help="Networked on every rung of information, too.")
@click.option("--delay", "delays", multiple=True, type=int, help="Centralised with these periods of approval, too.")
@click.option("--draws", default=100, show_default=True, help="Events that every way goes through.")
@click.option("--every", default=1, show_default=True, help="Periods between decisions.")
@click.option("--gap", default=1e-3, show_default=True, help="Stop each plan when proven this close, relative.")
@click.option("--seed", default=0, show_default=True, help="Seed of truth and events.")
@click.option("--workers", type=int, help="Processes (default: all cores); results do not depend on it.")
@click.option("--quiet", is_flag=True, help="No progress, no summary.")
def compare(instance: Path, out: Path, ways: tuple[str, ...], **options: Any) -> None:
    """Compare ways of deciding on an INSTANCE: all play the same drawn events, each seeing only what it may."""
    from coordination.cli.comparing import run_compare

    sys.exit(run_compare(instance, out, ways=ways or None, **options))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a small, commented, working instance to FOLDER, to start from."""
    from coordination.instance.template import write_template

    write_template(folder)
    click.echo(f"Wrote {folder}. Change it, then: coordination check {folder}; coordination plan {folder} --out PLAN")


@cli.command()
@click.option("--population", type=click.Path(path_type=Path), help="Table of districts and their people, CSV.")
@click.option("--network", type=click.Path(path_type=Path), help="Public road network, TNTP; zones are communities.")
@click.option("--communities", type=int, help="Communities in all; alone: of a made-up city.")
@click.option("--prefix", help="With --population: only districts whose code begins with it.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same instance.")
@click.option("--periods", default=14, show_default=True, help="Number of periods.")
@click.option("--period-hours", default=12.0, show_default=True, help="Hours of a period.")
@click.option("--commodities", default=8, show_default=True, help="How many of the ten of the catalogue.")
@click.option("--shortage", default=0.15, show_default=True, help="Share of the need that is missing, 0 to 1.")
@click.option("--tasks", default=0, help="Tasks at least; what is missing is further work in communities.")
@click.option("--parties", default=0, help="Parties at least; what is missing are teams of communities.")
@click.option("--road-tonnes", type=float, help="With --network: tonnes per period for each vehicle of capacity.")
@click.option("--minutes-per-unit", type=float, help="With --network: minutes of a unit of its times.")
@click.option("--km-per-unit", type=float, help="With --network: kilometres of a unit of its lengths.")
@click.option("--name", help="Short name of the instance.")
@click.option("--title", help="Title of the instance.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Target: a folder, .xlsx or .json.")
@click.option("--force", is_flag=True, help="Replace whatever instance stands at the target.")
def generate(out: Path, force: bool, **options: Any) -> None:
    """Make an instance: a city from a population table, on a public road network, or made up."""
    from coordination.cli.replacing import refuse_other
    from coordination.generation import generate as generate_instance

    instance = generate_instance(**options)
    if not force:
        refuse_other(out, instance, "give another --out, or --force to replace it")
    instance.save(out)
    click.echo(str(instance))
    click.echo(f"Wrote {out}. Next: coordination check {out}; coordination plan {out} --out PLAN")


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the whole contract: instance and plan."""
    import json

    from coordination.plans.schema import contract_schema

    click.echo(json.dumps(contract_schema(), ensure_ascii=False, indent=2))


@cli.command()
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Table to write, JSON.")
@click.option("--cap", default=60.0, show_default=True, help="Seconds allowed for one run.")
@click.option("--largest", type=int, help="Leave out programs of more columns; without, half an hour or so.")
def tune(out: Path, cap: float, largest: int | None) -> None:
    """Measure which solver algorithm is quickest here, by kind and size of program; write the table to use."""
    from coordination.cli.tuning import write_measured

    write_measured(out, cap, largest)


def _load(path: Path, scenario: str | None = None) -> Instance:
    from coordination.instance import load

    instance = load(path)
    return instance if scenario is None else instance.under(scenario)


def main() -> None:
    """Run the command line; no traceback reaches a planner."""
    from coordination.errors import CoordinationError

    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(WRONG)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted: nothing was written.", err=True)
        sys.exit(INTERRUPTED)
    except CoordinationError as problem:
        click.echo(str(problem), err=True)
        sys.exit(WRONG)
    except MemoryError:
        click.echo("There is not enough memory for this instance: give it fewer periods, places or lanes.", err=True)
        sys.exit(WRONG)
    except Exception as problem:  # whatever else: no traceback reaches a planner
        if "--verbose" in sys.argv or "-v" in sys.argv:
            raise
        kind = type(problem).__name__
        click.echo(f"This should not happen ({kind}: {problem}). Run again with --verbose and report it.", err=True)
        sys.exit(WRONG)
