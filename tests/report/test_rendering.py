"""The page: its totals are the plan's, names do no harm, nothing is asked of the network."""

import itertools
import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pandas as pd
import pytest

import coordination as co
from coordination.instance import load
from coordination.report import render
from coordination.report.rendering import GOVERNANCE, SECTIONS
from tests.planning.small import row, street
from tests.verification import town

VOID = {"meta", "link", "br", "path", "line", "rect", "circle", "img", "input", "hr"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "</style><svg onload=alert(1)>",
]


class Page(HTMLParser):
    """A page taken apart: its tags with attributes, its figures, and whether tags nest."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.figures, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        """Note a tag."""
        self.tags.append((tag, dict(attributes)))
        if tag == "data":
            self.figures.append(float(dict(attributes)["value"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        """Check that a tag closes the last one opened."""
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}> out of order"


def figures(text, section):
    """Give the exact figures of one section, in order."""
    return Page(text.split(f'id="{section}"')[1].split("</section>")[0].join(["<section>", "</section>"])).figures


def renamed(name):
    """Give the town's plan with one name for everything that has a name."""
    tables = {
        table: town.instance().tables[table].assign(name=name)
        for table in ("zones", "places", "parties", "commodities", "tasks", "scenarios")
    }
    tables["commodities"]["unit"] = name
    header = {"name": name, "title": name, "currency": name, "source": name}
    options = {"gap": 1e-4, "scenario": None, "remark": name}
    return town.plan(
        town=town.instance().replace(**tables, **header), notes=[name], options=options, versions={name: name}
    )


@pytest.fixture(scope="module")
def neighbourhood():
    """Give a plan of the shipped neighbourhood, which has coordinates and names in two scripts."""
    instance = load("instances/neighbourhood")
    goods, places = instance.commodities["commodity"].tolist(), instance.places
    depot, road = instance.fleets["base"][0], instance.roads["road"][0]
    target = places["place"][(places["kind"] == "community")].iloc[0]
    fleet = instance.fleets["fleet"][0]
    shipments = [(fleet, depot, target, good, None, 0, 1, 10.5, road) for good in goods]
    columns = ["fleet", "origin", "destination", "commodity", "expires", "depart", "arrive", "quantity", "route"]
    needs = instance.needs.groupby(["place", "commodity", "group", "period"], as_index=False)["quantity"].sum()
    service = needs.rename(columns={"quantity": "need"}).assign(
        served=lambda f: f["need"] / 2, backlog=lambda f: f["need"] / 2
    )
    tables = dict.fromkeys(town.DECIDED) | {"shipments": pd.DataFrame(shipments, columns=columns), "service": service}
    return town.plan(tables, town=instance)


def test_totals_are_those_of_the_plan():
    """The social cost and each of its terms stand on the page with their exact values, and no other."""
    shown = figures(render(town.plan()), "costs")
    assert shown == [*(value for value in town.TERMS.values() if value), town.OBJECTIVE]
    assert sum(shown[:-1]) == pytest.approx(shown[-1])


def test_headline_figures_are_the_plan_s():
    """Need met in all and of the vulnerable, the worst place, hours covered, cost and gap stand on top."""
    met, vulnerable, worst, hours, cost, gap = figures(render(town.plan()), "headline")
    assert met == pytest.approx(1.13 / 1.688) and vulnerable == 1
    assert worst == pytest.approx(0.53 / 1.088) and hours == 8.5 / 14
    assert (cost, gap) == (town.OBJECTIVE, town.plan().gap)


def test_sections_agree_with_the_tables():
    """Goods sent, need by commodity and gaps add up to the plan's tables."""
    text = render(town.plan())
    assert figures(text, "map")[-1] == pytest.approx(1.13)
    assert figures(text, "timelines") == [160, 110, 50, 88, 30, 58]
    assert sorted(figures(text, "gaps")) == [1, 1, 2, 3.5]


@pytest.mark.parametrize("case", ["town", "neighbourhood", "nothing", "no tasks", "no need"])
def test_pages_are_well_formed_whatever_the_plan_holds(case, neighbourhood):
    """Plans with and without coordinates, shipments, tasks, needs: tags nest and every section is there."""
    bare = town.instance().replace(tasks=[], efforts=[], interests=[])
    still = town.instance().replace(needs=[], backlogs=[])
    plans = {
        "town": town.plan(),
        "neighbourhood": neighbourhood,
        "nothing": town.plan(dict.fromkeys(town.DECIDED)),
        "no tasks": town.plan(dict.fromkeys(town.DECIDED), town=bare),
        "no need": town.plan(dict.fromkeys(town.DECIDED), town=still),
    }
    page = Page(render(plans[case]))
    assert not page.open
    assert {attributes.get("id") for tag, attributes in page.tags if tag == "section"} == {"headline", *SECTIONS}


def test_nothing_is_asked_of_the_network(neighbourhood):
    """No tag of the page refers to anything outside it, and no script runs."""
    for plan in (town.plan(), neighbourhood):
        text = render(plan)
        page = Page(text)
        assert "script" not in {tag for tag, _ in page.tags}
        links = [value for _, attributes in page.tags for key, value in attributes.items() if key in ("href", "src")]
        assert set(links) - {"data:,"} == {f"#{name}" for name in SECTIONS}
        assert not re.search(r"url\(|@import|https?://", text)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_shown_and_never_obeyed(name):
    """A name made of markup or template code appears as text and adds no tag and no handler."""
    harmless, hostile = Page(render(renamed("harmless"))), Page(render(renamed(name)))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in harmless.tags]
    assert not any(key.startswith("on") for _, attributes in hostile.tags for key in attributes)
    assert {key for _, attributes in hostile.tags for key in attributes} == {
        key for _, attributes in harmless.tags for key in attributes
    }


def test_names_in_any_script_are_kept():
    """Chinese, Arabic and combined letters stand on the page as they are."""
    for name in ("柳巷社区", "مستشفى", "e\u0301cole"):
        assert name in render(renamed(name))


def test_without_a_feasible_plan_status_and_provenance_are_shown():
    """An infeasible answer is a page that says so, with where it comes from and nothing else."""
    text = render(town.plan(status="infeasible", objective=None, bound=None, gap=None, terms={}))
    page = Page(text)
    assert [attributes["id"] for tag, attributes in page.tags if tag == "section"] == ["provenance"]
    assert "No plan can meet all rules" in text and town.instance().sha256 in text


def test_without_coordinates_the_page_says_so(neighbourhood):
    """Places without lon and lat have no map and the page says why; with them there is one."""
    assert "have no coordinates" in render(town.plan())
    assert 'class="area"' not in render(town.plan()) and "have no coordinates" not in render(neighbourhood)


def test_a_place_far_away_does_not_squeeze_the_map(neighbourhood):
    """The wholesaler far outside is drawn at the edge with its distance; the places in need fill the map."""
    xs = [float(x) for x in re.findall(r'<circle class="s\d" cx="([\d.]+)" cy', render(neighbourhood))]
    assert len(xs) >= 5 and max(xs) - min(xs) > 400
    assert "drawn at the edge" in render(neighbourhood)


def test_provenance_is_complete():
    """Hash, seed, options, versions, seconds, sizes and remarks are on the page."""
    plan = town.plan(
        seconds={"solve": 12.5}, sizes={"rows": 4321}, versions={"highspy": "9.9.9"}, notes=["stopped early"], seed=77
    )
    text = render(plan)
    for part in (plan.sha256, "12.5", f"4{chr(0x202F)}321", "9.9.9", "stopped early", "77", "0.0001"):
        assert part in text


def test_remarks_stand_at_the_top():
    """What honesty asks to be said is said before any figure, not only among the provenance."""
    text = render(town.plan(notes=["The time limit was reached."]))
    assert text.index("The time limit was reached.") < text.index('id="headline"')


def test_a_plan_without_prices_does_not_claim_that_nothing_is_scarce():
    """Where people go short and no price is known, the page says that it is not known."""
    assert "comes without prices" in render(town.plan({"prices": None}))
    served = town.plan().service.assign(served=town.plan().service["need"], backlog=0.0)
    still = town.instance().replace(backlogs=[])
    assert "Nothing is scarce" in render(town.plan({"prices": None, "service": served}, town=still))


def test_accessibility_basics():
    """One h1, headings in order, a caption on every table, a label on every picture that is not decoration."""
    text = render(town.plan())
    page = Page(text)
    assert [tag for tag, _ in page.tags].count("h1") == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert text.count("<table") == text.count("<caption>")
    pictures = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert all("aria-label" in p or p.get("aria-hidden") == "true" for p in pictures)


def keys(texts, prefix=""):
    """Give the dotted keys of the strings."""
    for key, value in texts.items():
        yield from keys(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]


def test_every_text_is_in_the_file_of_strings():
    """Templates hold no words of their own, and every text of the file is used somewhere."""
    folder = files("coordination.report")
    templates = {file.name: file.read_text("utf-8") for file in folder.joinpath("templates").iterdir()}
    for name, text in templates.items():
        if name.endswith(".j2"):
            bare = re.sub(r"(?s)\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", text)
            bare = re.sub(r"<[^>]*>|&\w+;", " ", bare)
            assert not re.search(r"[A-Za-z]{2,}", bare), f"{name} holds words: {bare.split()}"
    code = "\n".join([*templates.values(), *(f.read_text("utf-8") for f in folder.iterdir() if f.name.endswith(".py"))])
    exact = set(re.findall(r"[\"']([a-z_]+(?:\.[a-z_0-9]+)*)[\"']", code)) | {
        f"{name}.title" for name in (*SECTIONS, GOVERNANCE)
    }
    begun = set(
        re.findall(r"named\([\"'](\w+)[\"']|count\([\"']([\w.]+)[\"']|[\"']([\w.]+)[._]\{|[\"']([\w.]+)\.[\"'] ~", code)
    )
    begun = {part for found in begun for part in found if part}
    strings = json.loads(folder.joinpath("strings.json").read_text("utf-8"))
    unused = [key for key in keys(strings) if key not in exact and not any(key.startswith(part) for part in begun)]
    assert not unused


def test_a_settlement_has_its_section():
    """Who gains, the certificate and the ledger come first on the page of a settlement, and on no other."""
    assert 'id="governance"' not in render(town.plan())
    from tests.settlement.test_settling import farm

    settled = co.settle(co.plan(farm(), threads=1))
    text = render(settled)
    assert not Page(text).open
    assert figures(text, "governance") == [-752.0, 0.0, 1000.0, 248.0, 48.0, 752.0]
    section = text.split('id="governance"')[1].split("</section>")[0]
    assert "No subset gains by leaving" in section and "pooling saves 752.00" in section
    assert text.index('id="governance"') < text.index('id="map"')


def test_what_is_proven_of_plans_with_rules():
    """The bound is on plans that keep the rules: others may cost less, and the page does not say otherwise."""
    fair = co.plan(street(stocks=row("stocks", quantity=60)).replace(policy={"max_ratio": 1.0}), gap=0)
    page = render(fair)
    assert fair.rules is not None and "no plan that keeps the policy&#39;s rules can cost less" in page
    assert "no plan can cost less" not in page
