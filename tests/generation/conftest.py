"""Tiny inputs made up for the generator's tests."""

from pathlib import Path

import pytest

TABLE = """code,name,population,share_65_plus,lon,lat,area_km2
101,North,40001,0.1111,8.50,47.45,40
102,Centre,90007,0.0907,8.54,47.38,30
103,South,30011,0.2503,8.55,47.30,60
104,West,20003,0.1800,8.40,47.37,50
"""

NET = """<NUMBER OF ZONES> 3
<NUMBER OF NODES> 8
<FIRST THRU NODE> 4
<NUMBER OF LINKS> 14
<ORIGINAL HEADER>~ init term capacity length (km) time (min) ;
<END OF METADATA>

~\tinit\tterm\tcapacity\tlength\ttime\tb\tpower\tspeed\ttoll\ttype\t;
\t1\t4\t999\t0\t0\t0.15\t4\t0\t0\t0\t;
\t4\t1\t999\t0\t0\t0.15\t4\t0\t0\t0\t;
\t2\t4\t999\t0\t0\t0.15\t4\t0\t0\t0\t;
\t4\t2\t999\t0\t0\t0.15\t4\t0\t0\t0\t;
\t2\t6\t999\t0\t0\t0.15\t4\t0\t0\t0\t;
\t6\t2\t999\t0\t0\t0.15\t4\t0\t0\t0\t;
\t4\t5\t50\t3\t4\t0.15\t4\t0\t0\t1\t;
\t5\t4\t50\t3\t4\t0.15\t4\t0\t0\t1\t;
\t5\t6\t50\t3\t4\t0.15\t4\t0\t0\t1\t;
\t6\t5\t50\t3\t4\t0.15\t4\t0\t0\t1\t;
\t4\t5\t20\t2\t5\t0.15\t4\t0\t0\t1\t;
\t5\t4\t20\t2\t5\t0.15\t4\t0\t0\t1\t;
\t6\t7\t30\t1\t2\t0.15\t4\t0\t0\t1\t;
\t2\t7\t30\t0\t0\t0.15\t4\t0\t0\t0\t;
"""

TRIPS = """<NUMBER OF ZONES> 3
<TOTAL OD FLOW> 1000.0
<END OF METADATA>

Origin 1
    1 :  0.0;   2 :  300.5;   3 :  100.0;
Origin 2
    1 :  399.5;
Origin 3
    1 :  200.0;
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Four districts, whose shares give no whole number of people of 65 and over."""
    path = tmp_path / "people.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """Three zones that may not be passed through.

    Zone 2 has connectors of no length to both ends of the road 4-5-6 (8 minutes): driving through it would be a
    shortcut. Links 4-5 are parallel, node 7 is a dead end that nothing comes back from, node 8 and zone 3 have no link.
    """
    path = tmp_path / "tiny_net.tntp"
    path.write_text(NET, encoding="utf-8")
    (tmp_path / "tiny_trips.tntp").write_text(TRIPS, encoding="utf-8")
    return path
