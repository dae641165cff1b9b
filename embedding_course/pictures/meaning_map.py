"""How lesson 6 draws airports by region, and the states under them."""
import functools

from matplotlib.collections import LineCollection

from embedding_course.data import read_airports, read_states
from embedding_course.figures import INK
from embedding_course.maps import flat_map

REGIONS = {   # name: colour, marker, states
    "West": ("#8465d6", "^", "AZ CA CO ID MT NM NV OR UT WA WY"),
    "Midwest": ("#a39400", "s", "IA IL IN KS MI MN MO ND NE OH SD WI"),
    "South": ("#c2255c", "D", "AL AR DC DE FL GA KY LA MD MS NC OK SC TN TX VA WV"),
    "Northeast": (INK, "o", "CT MA ME NH NJ NY PA RI VT"),
}
KNOWN = ["SEA", "SFO", "LAX", "PHX", "DEN", "DFW", "IAH", "MSP", "ORD", "STL", "DTW", "ATL", "MIA", "DCA", "JFK", "BOS",
         "MSY", "SLC"]


def region_of(names):
    """The region of each airport, as a list of names."""
    states = read_airports().set_index("iata")["state"]
    home = {state: region for region, (_, _, states) in REGIONS.items() for state in states.split()}
    return [home[states[name]] for name in names]


@functools.cache
def outlines():
    """Borders and coasts on the flat map: a list of (corners, 2)."""
    return [flat_map(line["latitude"], line["longitude"]) for _, line in read_states().groupby("line")]


def draw_outlines(ax):
    """The states, thin, under whatever comes."""
    ax.add_collection(LineCollection([line.numpy() for line in outlines()], color=INK, alpha=0.3, lw=0.8, zorder=0))


def draw_airports(ax, names, rows, size=36, known=KNOWN):
    """A mark for each airport, in its region's colour and shape, and the names of well-known ones.

    rows : float (n, 2)
    """
    regions = region_of(names)
    for region, (colour, marker, _) in REGIONS.items():
        mine = [i for i, home in enumerate(regions) if home == region]
        ax.scatter(rows[mine, 0], rows[mine, 1], s=size, color=colour, marker=marker, label=region, lw=0)
    for name in known:
        if name in names:
            ax.annotate(name, rows[names.index(name)].tolist(), (5, 3), textcoords="offset points", size=11, zorder=4)
    ax.set_aspect("equal")
