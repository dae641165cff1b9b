"""Maps made of rows: which airports are how far apart, places on a flat plane, and rows laid over them."""
import torch

from .data import read_airports, read_routes

CENTRE = torch.tensor([38.5, -95.0]).deg2rad()    # of the flat map: latitude and longitude
RADIUS = 6.371                                    # of the globe, in thousands of km


OVERSEAS = {"AK", "HI", "PR", "VI"}
KM = 1.609344                                     # a mile


def mainland_routes(fewest=1):
    """The distances between airports of the mainland, each route once, whichever way it is flown.

    fewest : airports with fewer routes to others that are kept are left out, again and again
    returns : DataFrame of columns a, b (names, a before b), km, flights
    """
    states = read_airports().set_index("iata")["state"]
    routes = read_routes()
    ends = routes[["origin", "destination"]]
    routes = routes.assign(a=ends.min(axis=1), b=ends.max(axis=1), km=routes["distance"] * KM)
    routes = routes.groupby(["a", "b"], as_index=False).agg({"km": "min", "flights": "sum"})
    routes = routes[~routes["a"].map(states).isin(OVERSEAS) & ~routes["b"].map(states).isin(OVERSEAS)]
    while (few := routes[["a", "b"]].stack().value_counts().loc[lambda count: count < fewest].index).size:
        routes = routes[~routes["a"].isin(few) & ~routes["b"].isin(few)]
    return routes.reset_index(drop=True)


def true_places(names):
    """Where airports lie on the flat map: float (n, 2), thousands of km to the east and to the north."""
    where = read_airports().set_index("iata").loc[list(names)]
    return flat_map(where["latitude"], where["longitude"])


def flat_map(latitude, longitude):
    """Places on a flat map around the middle of the United States: an azimuthal equidistant projection.

    latitude, longitude : n numbers each, degrees
    returns : float (n, 2), thousands of km to the east and to the north
    """
    north, east = (torch.tensor(list(degrees)).deg2rad() for degrees in (latitude, longitude))
    east = east - CENTRE[1]
    away = (CENTRE[0].sin() * north.sin() + CENTRE[0].cos() * north.cos() * east.cos()).clamp(-1, 1).acos()
    x = north.cos() * east.sin()
    y = CENTRE[0].cos() * north.sin() - CENTRE[0].sin() * north.cos() * east.cos()
    return (RADIUS * (away / away.sin()).nan_to_num(1.0) * torch.stack([x, y])).T.float()


def laid_over(rows, truth, by=slice(None)):
    """Rows in the plane, shifted, turned, stretched and if need be mirrored so that they lie best over the truth.

    A point of the plane is one complex number, and turning and stretching is a multiplication by one.

    rows, truth : float (n, 2)
    by : which of them count (an index); all are moved
    returns : float (n, 2)
    """
    z, goal = (torch.view_as_complex(points.detach().double().contiguous()) for points in (rows, truth))
    z, goal, shift = z - z[by].mean(), goal - goal[by].mean(), goal[by].mean()
    ways = []
    for moved in (z, z.conj().resolve_conj()):                     # as it is, and in the mirror
        moved = moved * (moved[by].conj() * goal[by]).sum() / (moved[by].abs() ** 2).sum()
        ways.append(((moved[by] - goal[by]).abs().square().sum().item(), moved))
    best = min(ways, key=lambda way: way[0])[1]
    return torch.view_as_real(best + shift).float()
