"""Minutes on shortest roads, for placing depots and sizing fleets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def minutes_between(roads: pd.DataFrame, origins: list[str], destinations: list[str]) -> NDArray[np.float64]:
    """Minutes on the shortest way between places.

    Parameters
    ----------
    roads : DataFrame
        ``from``, ``to``, ``minutes``, ``both_ways``.
    origins, destinations : list of str
        Places.

    Returns
    -------
    ndarray of float, shape (origins, destinations)
        inf where no way leads.
    """
    import pandas as pd
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    both = roads["both_ways"].to_numpy(dtype=bool)
    tail = np.r_[roads["from"].to_numpy(), roads["to"].to_numpy()[both]]
    head = np.r_[roads["to"].to_numpy(), roads["from"].to_numpy()[both]]
    # A stored 0 would count as no road; a millionth of a minute decides nothing.
    minutes = np.maximum(np.r_[roads["minutes"].to_numpy(), roads["minutes"].to_numpy()[both]], 1e-6)
    codes, places = pd.factorize(np.r_[tail, head, np.array(origins + destinations, dtype=object)])
    rows, columns = codes[: len(tail)], codes[len(tail) : 2 * len(tail)]
    order = np.lexsort([minutes, columns, rows])
    rows, columns, minutes = rows[order], columns[order], minutes[order]
    first = np.r_[True, (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])]
    size = len(places)
    graph = coo_matrix((minutes[first], (rows[first], columns[first])), shape=(size, size)).tocsr()
    asked = codes[2 * len(tail) :]
    return np.asarray(dijkstra(graph, indices=asked[: len(origins)]))[:, asked[len(origins) :]]
