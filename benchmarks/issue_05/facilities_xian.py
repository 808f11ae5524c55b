"""The real city with halls that can be converted and roads that are broken: planned, verified, and how far from best.

The variation is made from the instance's own tables by the rules below, the same each time. People, places, roads and
parties are the instance's. What stands here is assumed, to be plausible beside it; where a number is that of
``instances/quarantine`` or ``instances/flood``, their READMEs say where it comes from.

- **Halls**: the three communities with most people in each of the 13 districts, and the largest of those left: 40.
  Each hall is in everyday use, or has beds, or hands out: three modes. It has a bed for one in 300 people of its
  community, is worth 20 a bed and period in everyday use, takes two periods and 50,000 to be converted to beds
  (quarantine), and one period and a fifth of that to hand out; what it hands out in a period is half a tonne for each
  hour of twenty people (the instance's rate) in half of the period.
- **Beds**: two in 10,000 people, from period 1 on one in 10,000 more every two periods until period 7 and then fewer;
  someone without a place costs 400 a period.
- **Roads**: both bridges, and the eight longest of the roads between districts' junctions; 40 to 120 hours of work, and
  every third still carries vehicles at three tenths of its speed.
- **Crews**: the enterprises of the six districts with most people, 30 hours of road works a period at 70 an hour.
"""

import json

import numpy as np
import pandas as pd

from benchmarks.bars import Measured, Run, run_command

HALLS, PER_DISTRICT, ROADS, CREWS = 40, 3, 10, 6
WITHIN, TERMS, MINUTES = 0.01, 0.1, 15.0
"""Most of the total, of the terms of facilities and repairs, and of minutes."""
TERMS_OF = ("everyday_value", "conversion", "repair")


def communities(instance) -> pd.DataFrame:
    """Return the communities with the zone of their ``district``."""
    from coordination.planning.gathering import area_of_places

    zones = instance.zones["zone"].to_numpy(dtype=object)
    places = instance.places.assign(district=zones[area_of_places(instance)])
    return places[places["kind"] == "community"]


def town_halls(instance) -> pd.DataFrame:
    """Return the communities with a hall: the largest of each district, and of those left."""
    towns = communities(instance).sort_values(["population", "place"], ascending=[False, True], kind="stable")
    first = towns.groupby("district", sort=False).head(PER_DISTRICT)
    rest = towns[~towns["place"].isin(first["place"])].head(HALLS - len(first))
    return pd.concat([first, rest]).sort_values("place", ignore_index=True)


def facilities(instance) -> pd.DataFrame:
    """Return the rows of ``facilities``: each hall with beds, or handing out."""
    halls = town_halls(instance)
    beds = np.rint(halls["population"] / 300.0)
    common = {"place": halls["place"], "service": "sports", "everyday_value": 20.0 * beds, "reach_minutes": 30.0}
    tonnes = 0.5 * 20 * 0.5 * float(instance.period_hours)
    return pd.concat(
        [
            pd.DataFrame(common | {"emergency_use": "beds", "emergency_capacity": beds, "convert_periods": 2,
                                   "convert_cost": 50_000.0, "min_periods": 2}),
            pd.DataFrame(common | {"emergency_use": "hand-out", "emergency_capacity": tonnes, "convert_periods": 1,
                                   "convert_cost": 10_000.0, "min_periods": 2}),
        ],
        ignore_index=True,
    )  # fmt: skip


def needs(instance) -> pd.DataFrame:
    """Return the needs with those of beds."""
    towns = instance.places[instance.places["kind"] == "community"]
    period = np.arange(int(instance.periods))
    share = (2.0 + np.minimum(period, 7) // 2 - np.maximum(period - 9, 0)).clip(min=1.0) * 1e-4
    rows = towns[["place", "population"]].merge(pd.DataFrame({"period": period, "share": share}), how="cross")
    rows["quantity"] = np.rint(rows["population"] * rows["share"])
    rows = rows[rows["quantity"] > 0].assign(commodity="beds", group="general")
    return pd.concat([instance.given("needs"), rows[["place", "commodity", "period", "quantity", "group"]]])


def damage(instance) -> pd.DataFrame:
    """Return the damaged roads."""
    roads = instance.roads
    bridges = roads[roads["capacity_tonnes"].notna()]
    districts = instance.zones.loc[instance.zones["level"] == "district", "zone"]
    places = instance.places
    main = places.loc[(places["kind"] == "junction") & places["zone"].isin(districts), "place"]
    trunk = roads[roads["from"].isin(main) & roads["to"].isin(main)]
    trunk = trunk[~trunk["road"].isin(bridges["road"])].sort_values(["km", "road"], ascending=[False, True])
    broken = pd.concat([bridges, trunk])["road"].head(ROADS).to_numpy()
    number = np.arange(len(broken))
    return pd.DataFrame(
        {
            "road": broken, "repair_hours": 40.0 + 20.0 * (number % 5), "skill": "road works",
            "capacity_left": np.where(number % 3 == 2, 0.3, 0.0),
        }
    )  # fmt: skip


def crews(instance) -> pd.DataFrame:
    """Return the skills with those of the crews."""
    people = communities(instance).groupby("district")["population"].sum()
    firms = instance.parties[instance.parties["kind"] == "enterprise"]
    firms = firms.assign(people=people.reindex(firms["zone"]).to_numpy()).dropna(subset=["people"])
    firms = firms.sort_values(["people", "party"], ascending=[False, True], kind="stable")
    rows = pd.DataFrame(
        {"party": firms["party"].head(CREWS).to_numpy(), "skill": "road works", "hours": 30.0, "cost_per_hour": 70.0}
    )
    return pd.concat([instance.given("skills"), rows])


def broken_city(instance, *, broken: bool = True):
    """Return the variation of the instance.

    Parameters
    ----------
    broken : bool
        With damaged roads; else with halls alone.
    """
    goods = pd.concat(
        [
            instance.given("commodities"),
            pd.DataFrame([{"commodity": "beds", "name": "Places in a hall", "unit": "person", "kg": 1.0,
                           "carry_over": 0.9, "cost_without": 400.0, "service": True}]),
        ]
    )  # fmt: skip
    tables = {"commodities": goods, "needs": needs(instance), "facilities": facilities(instance)}
    if broken:
        tables |= {"damage": damage(instance), "skills": crews(instance)}
    return instance.replace(name=f"{instance.name}-halls", **tables)


def planned(run: Run) -> Measured:
    """Plan the variation and verify it; the proven gap of the total, and that money against the terms' own.

    What is not proven of the total might all be due to halls and repairs: its share of their terms is the most that
    these can be from their best.
    """
    import coordination as co

    folder, out = run.scratch / "halls", run.scratch / "halls-plan"
    broken_city(co.load(run.city)).save(folder)
    done = run_command(
        ["plan", str(folder), "--out", str(out), "--gap", "1e-3", "--time-limit", str(int(60 * MINUTES) - 30)]
    )
    if not (out / "plan.json").exists():
        raise RuntimeError(f"no plan was written: {done.last}")
    checked = run_command(["verify", str(out)])
    header = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    terms = {name: header["terms"][name] for name in TERMS_OF}
    apart = max(0.0, header["objective"] - header["bound"])
    share = apart / max(1e-10, sum(terms.values()))
    text = (
        f"gap {header['gap']:.2%} of {header['objective']:,.0f}, {share:.1%} of the {sum(terms.values()):,.0f} of "
        f"halls and repairs, {done.seconds:.0f} s, verify {'passes' if checked.code == 0 else 'FAILS'}"
    )
    passed = header["gap"] <= WITHIN and share <= TERMS and done.seconds <= 60 * MINUTES and checked.code == 0
    return Measured(passed, text, {"terms": terms, "gap": header["gap"], "share": share, "seconds": done.seconds})
