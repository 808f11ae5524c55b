"""Every bar, in the order in which it is printed; a new one is a function and a line here."""

from benchmarks.bars import Bar
from benchmarks.issue_02 import (
    agreement,
    binding,
    city,
    flows,
    front_door,
    handing_over,
    held,
    large,
    mutations,
    suite,
)
from benchmarks.issue_03 import building, resolving
from benchmarks.issue_04 import field_rule, gap, moo

BARS = (
    Bar(2, "readme", "xian: the README's line ends within 6 minutes on 2 cores, gap <= 0.1%", city.readme, quick=False),
    Bar(2, "install", "xian: the README's whole line in a fresh clone (--install)", city.install, quick=False),
    Bar(2, "overhead", "xian: read, build, compile, hand over, write, report <= 15 s, imports included",
        city.overhead, quick=False),
    Bar(2, "verify", "xian: verify passes on the plan", city.verified, quick=False),
    Bar(2, "held", "xian: responsibility terms within 5 % of their own bound, supply held", held.within, quick=False),
    Bar(2, "handing_over", "xian: builds and hands over >= 2 x as fast as Pyomo's appsi_highs",
        handing_over.ratio, quick=False),
    Bar(2, "agreement", "objective = independent model to 1e-6 on hundreds of instances, verify passes",
        agreement.agree),
    Bar(2, "binding", "no rule binds in fewer than 5 % of the instances", binding.shares),
    Bar(2, "published_flows", "the published minimum-cost flows = networkx", flows.published),
    Bar(2, "random_flows", "random minimum-cost flows = networkx", flows.random),
    Bar(2, "mutations", "verify fails on every number changed, among hundreds", mutations.noticed),
    Bar(2, "suite", "the test line takes under 5 minutes on 2 cores", suite.quick_line, quick=False),
    Bar(2, "help", "coordination --help is quick (ours: half a second)", front_door.help_text),
    Bar(2, "needs", "1,000,000 needs load in seconds (ours: 10)", large.needs),
    Bar(2, "legs", "lanes over 10,000 places in seconds (ours: 10)", large.legs),
    Bar(2, "generate", "generate reaches 3,000 communities, 10 commodities, 14 periods", large.generated, quick=False),
    Bar(3, "building", "from tables to HiGHS and back: every way at every size", building.table),
    Bar(3, "building_raw", "takes <= 2.5 x raw numpy at 200k and 1M columns", building.against_raw),
    Bar(3, "building_linopy_time", ">= 2.5 x as fast as linopy at 200k and 1M columns", building.faster_than_linopy),
    Bar(3, "building_linopy_memory", "<= 0.6 of linopy's memory at 200k and 1M columns", building.leaner_than_linopy),
    Bar(3, "building_appsi_time", ">= 50 x (200k) and 100 x (1M columns) as fast as Pyomo's appsi_highs",
        building.faster_than_appsi),
    Bar(3, "building_appsi_memory", "<= 0.2 of appsi_highs's memory at 200k and 1M columns",
        building.leaner_than_appsi),
    Bar(3, "resolving", "xian: supply solved again, 5 % of the needs changed, >= 20 x as fast as the best cold solve",
        resolving.resolving, quick=False),
    Bar(4, "gap", "OR-Library GAP files: all published optima given are reached and proven", gap.published),
    Bar(4, "fronts", "the published fronts of bi-objective knapsacks, 35 and 43 points, exactly", moo.published),
    Bar(4, "field_rule", "xian: the field rule's plan takes <= 10 s (ours) and verify passes", field_rule.city,
        quick=False),
    Bar(4, "field_rules", "verify passes on the field rule's plans of hundreds of random instances", field_rule.random),
)  # fmt: skip
