"""A small, commented, working instance to start from."""

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from coordination.errors import WriteError
from coordination.instance.columns import Column
from coordination.instance.documentation import describe_all, describe_column
from coordination.instance.header import HEADER
from coordination.instance.policy import POLICY
from coordination.replacing import replacing

HEADER_VALUES: Mapping[str, Any] = {
    "name": "two-communities",
    "title": "Two communities and a depot",
    "start": "2022-01-01T06:00",
    "periods": 4,
    "period_hours": 12,
    "currency": "CNY",
    "source": "made up, to be overwritten",
}

POLICY_VALUES: Mapping[str, Any] = {"gap_cost": 200, "handout_tonnes_per_hour": 0.25}

TABLES_TEXT: Mapping[str, str] = {
    "zones": """
zone,name,level,parent
riverside,Riverside,street,
north,North Gate,community,riverside
south,South Gate,community,riverside
""",
    "places": """
place,name,kind,zone,lon,lat,population,vulnerable,storage_tonnes
depot,Depot,depot,riverside,108.930,34.270,0,0,20
bridge,Bridge,junction,riverside,108.940,34.265,0,0,
north,North Gate,community,north,108.945,34.275,600,0.2,2
south,South Gate,community,south,108.945,34.255,400,0.1,2
""",
    "roads": """
road,from,to,km,minutes,capacity_tonnes
r1,depot,bridge,3,9,
r2,bridge,north,1.5,6,
r3,bridge,south,2,8,
""",
    "parties": """
party,name,kind,zone,superior,hours,emergency_hours
core,Emergency headquarters,core,riverside,,24,36
committee-north,Residents' committee North,residents_committee,north,core,10,14
volunteers,Riverside volunteers,volunteers,riverside,core,12,16
""",
    "skills": """
party,skill,hours,emergency_hours,cost_per_hour
core,patrol,12,18,40
committee-north,patrol,6,8,25
committee-north,hand-out,4,6,20
volunteers,hand-out,10,14,5
""",
    "commodities": """
commodity,name,unit,kg,shelf_life,carry_over,cost_without
water,Drinking water,litre,1,,1,
meals,Meals,meal,0.6,2,0,15
""",
    "deprivation": """
commodity,periods_without,cost_per_unit
water,1,4
water,2,12
water,4,60
""",
    "stocks": """
place,commodity,quantity,owner,expires
depot,water,4000,core,
depot,meals,1500,core,
""",
    "arrivals": """
place,commodity,period,quantity,owner
depot,meals,1,1200,core
depot,meals,2,1200,core
depot,water,2,2000,core
""",
    "needs": """
place,commodity,period,quantity,group
north,water,0,960,general
north,water,0,240,vulnerable
north,water,1,960,general
north,water,1,240,vulnerable
north,water,2,960,general
north,water,2,240,vulnerable
north,water,3,960,general
north,water,3,240,vulnerable
south,water,0,800,general
south,water,1,800,general
south,water,2,800,general
south,water,3,800,general
north,meals,0,600,general
north,meals,1,600,general
north,meals,2,600,general
north,meals,3,600,general
south,meals,0,400,general
south,meals,1,400,general
south,meals,2,400,general
south,meals,3,400,general
""",
    "backlogs": """
place,commodity,group,quantity,age
south,water,general,100,1
""",
    "fleets": """
fleet,party,base,vehicles,payload_tonnes,hours,cost_per_km,loading_minutes,speed,loads_at
vans,core,depot,1,1,2.5,2.5,30,1,depot
""",
    "tasks": """
task,name,domain,zone,skill,hours,start,end,accountable_level,doers,backups,kinds
hand-out,Handing out supplies,supply,riverside,hand-out,8,0,3,street,2,1,volunteers
patrol-north,Night patrol,safety,north,patrol,8,0,3,,1,1,residents_committee
inspect,Inspecting supplies,governance,riverside,patrol,2,0,2,street,1,0,
""",
    "depends": """
task,on
hand-out,inspect
""",
    "mandates": """
task,domain,party,kind,role,rule,source
,safety,,residents_committee,accountable,must,Agreement with the committees
hand-out,,core,,responsible,must_not,Headquarters lead and do not carry
""",
    "conflicts": """
task,other,chain
inspect,hand-out,no
""",
    "efforts": """
task,party,factor,cost
hand-out,committee-north,1.2,10
""",
    "interests": """
party,domain,benefit
committee-north,safety,5
""",
    "facilities": """
place,service,everyday_value,emergency_use,emergency_capacity,convert_periods,convert_cost,min_periods
south,school,300,hand-out,5,1,500,2
""",
    "modules": """
place,emergency_use,module,capacity,convert_periods,convert_cost
south,hand-out,tent,2,1,100
""",
    "scenarios": """
scenario,name,hazard,probability
dry,No more rain,none,0.7
flood,The bridge is hard to pass,flood,0.3
""",
    "effects": """
scenario,table,where,commodity,start,end,factor
flood,roads,r3,,1,2,0.5
flood,needs,*,water,1,3,1.2
""",
    "tiers": """
level,share,cap
city,1,
""",
}
"""The tables of the template, as their files hold them."""

WIDTH = 100
"""Columns of text in comments."""


def write_template(path: str | Path) -> None:
    """Write a small, commented, working instance folder to start from.

    Parameters
    ----------
    path : str or Path
        A folder that does not exist or is empty.

    Raises
    ------
    WriteError
        If there is something already, or it cannot be written.
    """
    path = Path(path)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise WriteError(f"{path} is there and is not empty. Choose another folder.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as folder:
            (folder / "instance.yaml").write_text("\n".join(_header_lines()) + "\n", encoding="utf-8")
            (folder / "README.md").write_text(_readme(), encoding="utf-8")
            for name, text in TABLES_TEXT.items():
                (folder / f"{name}.csv").write_text(text.lstrip(), encoding="utf-8")
    except OSError as error:
        raise WriteError(f"{path} cannot be written ({error.strerror}). Choose another folder.") from error


def _header_lines() -> Iterator[str]:
    """Write the header with a comment over each key; policy keys left to their defaults are commented out."""
    for name, column in HEADER.items():
        yield from _comment(column, "")
        yield f"{name}: {HEADER_VALUES[name]}"
    yield "# Prices and rules that hold everywhere; remove the # before a key to set it."
    yield "policy:"
    for name, column in POLICY.items():
        yield from _comment(column, "  ")
        if name in POLICY_VALUES:
            yield f"  {name}: {POLICY_VALUES[name]}"
        elif name == "risk":
            yield "  # risk: {lambda: 0, level: 0.95}"
        elif column.kind.writing == "weights" and not column.kind.among:
            yield f"  {name}:"
            yield "    general: 1"
            yield "    vulnerable: 3"
        else:
            yield f"  # {name}: {column.absent if column.default is not None else ''}".rstrip()


def _comment(column: Column, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(describe_column(column), WIDTH):
        yield f"{indent}# {line}"


def _readme() -> str:
    return f"""# Two communities and a depot

A small case that shows almost every table. One depot supplies two communities over a bridge with one van; there is
too little water and too little time to hand it out, so a plan must choose. Volunteers and a residents'
committee share the work under the core. Overwrite the rows with your own.

    coordination check .
    coordination plan . --out ../plan

Tables are CSV in UTF-8 with a header row; a table that is absent is empty. Ids are text as written. Periods are
numbered from 0. Columns in bold are required; optional ones may be left out.

{describe_all()}"""
