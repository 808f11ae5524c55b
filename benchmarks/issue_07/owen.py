"""Owen's payoffs on random instances: in the core where everything is owned and roles are fixed; failures else."""

from benchmarks.bars import Measured, Run

SEEDS = 200
CENT = 0.01
MOST_PLAYERS = 6


def fixed(run: Run) -> Measured:
    """Settle random instances whose roads all belong to somebody; all coalitions are valued."""
    import coordination as co
    from tests.support.random_instances import random_instance

    number, left, worst = 10 if run.quick else SEEDS, [], 0.0
    for seed in range(number):
        instance = random_instance(seed).replace(policy={"rights": ("law", "use", "population")[seed % 3]})
        record = co.settle(co.plan(instance, gap=1e-6, threads=1)).settlement
        worst = max(worst, record["excess"] / record["players"])
        if record["method"] != "owen" or not record["stable"]:
            left.append(seed)
    text = f"{number} instances, {len(left)} with a coalition that gains; at most {worst:.4f} a party"
    return Measured(not left, text, {"failed": left, "worst": worst})


def free(run: Run) -> Measured:
    """Count how often Owen's payoffs fail where coalitions may choose roles anew (a figure: nothing promises it)."""
    import coordination as co
    from coordination.settlement.games import check_core
    from coordination.settlement.production import ProductionGame
    from coordination.settlement.settling import built, free_game
    from tests.support.random_instances import random_instance

    number, counted, failed = 4 if run.quick else 40, 0, []
    for seed in range(number):
        instance = random_instance(seed, owners=True).replace(policy={"rights": "law"})
        plan = co.plan(instance, gap=1e-6, threads=1)
        _, _, players, production = built(plan, "party")
        if not 1 < len(players.names) <= MOST_PLAYERS:
            continue
        counted += 1
        game = ProductionGame(production, players.names, players.of_party)
        found = check_core(free_game(plan, game), game.owen)
        game.close()
        if found.excess > CENT * game.size:
            failed.append({"seed": seed, "coalition": found.coalition, "excess": found.excess})
    text = f"{len(failed)} of {counted} instances with a coalition that gains by choosing roles anew"
    return Measured(None, text, {"failed": failed})
