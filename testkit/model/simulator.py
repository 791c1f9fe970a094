"""The score of destinations, by the formulas of the contract."""

import math

from facts import AT, month_text

WEIGHTS = {"market_size": 0.4, "growth": 0.3, "price": 0.2, "distance": 0.1}


def percentile(ascending, share):
    """Linear interpolation between the two nearest values."""
    position = share * (len(ascending) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (ascending[above] - ascending[below]) * (position - below)


def mid_rank(values, value):
    below = sum(other < value for other in values)
    equal = sum(other == value for other in values)
    return (below + equal / 2) / len(values)


def mid_ranks(values):
    """Of each name; nothing for one alone."""
    known = [value for value in values.values() if value is not None]
    if len(known) < 2:
        return {}
    return {name: mid_rank(known, value) for name, value in values.items() if value is not None}


class Destination:
    def __init__(self, code, km):
        self.code, self.km = code, km
        self.windows = [0] * 5
        self.priced_fob = self.priced_kg = 0
        self.priced_months = set()

    def price(self):
        enough = self.priced_fob >= 10_000 and len(self.priced_months) >= 2 and self.priced_kg > 0
        return self.priced_fob / self.priced_kg if enough else None

    def slope(self, whole):
        """Theil–Sen: the median slope between all pairs of fully covered windows."""
        if sum(self.windows[at] > 0 for at in whole) < 3:
            return None
        logs = {at: math.log(1 + self.windows[at]) for at in whole}
        slopes = sorted((logs[b] - logs[a]) / (b - a) for a in whole for b in whole if a < b)
        return percentile(slopes, 0.5)


class Simulation:
    """Every destination of a product with its parts, best first. `through` is its last covered month."""

    def __init__(self, facts, ncm, weights):
        self.weights = weights
        covered = facts.covered(ncm)
        self.through = max(covered, default=None)
        self.destinations, self.months = [], [0] * 5
        if self.through is None:
            return
        self.windows = [[self.through - 12 * (4 - at) - back for back in range(11, -1, -1)] for at in range(5)]
        self.months = [sum(month in covered for month in window) for window in self.windows]
        self.whole = [at for at in range(5) if self.months[at] == 12]
        window_of = {month: at for at, window in enumerate(self.windows) for month in window if month in covered}
        found = {}
        for cell in facts.by_ncm.get(ncm, []):
            at, code = window_of.get(cell[AT["month"]]), cell[AT["country"]]
            km = facts.countries.destination(code)
            if at is None or km is None:
                continue
            one = found.setdefault(code, Destination(code, km))
            one.windows[at] += cell[AT["fob"]]
            if at == 4 and cell[AT["kg"]] > 0:
                one.priced_fob += cell[AT["fob"]]
                one.priced_kg += cell[AT["kg"]]
                one.priced_months.add(cell[AT["month"]])
        self.destinations = [one for one in found.values() if any(one.windows)]
        if self.destinations:
            self.normalize()

    def normalize(self):
        every = self.destinations
        sizes = {one.code: math.log(1 + one.windows[4]) for one in every}
        low, high = (percentile(sorted(sizes.values()), share) for share in (0.05, 0.95))
        growth = mid_ranks({one.code: one.slope(self.whole) for one in every})
        prices = mid_ranks({one.code: one.price() for one in every})
        near, far = (math.log(pick(one.km for one in every)) for pick in (min, max))
        for one in every:
            parts = {"growth": growth.get(one.code), "price": prices.get(one.code)}
            size = min(max(sizes[one.code], low), high)
            parts["market_size"] = (size - low) / (high - low) if high > low else None
            parts["distance"] = 1 - (math.log(one.km) - near) / (far - near) if far > near else None
            one.missing = {name for name, part in parts.items() if part is None}
            one.parts = {name: 0.5 if part is None else part for name, part in parts.items()}
            total = sum(self.weights.values())
            one.contributions = {name: 10 * self.weights[name] * part / total for name, part in one.parts.items()}
            one.score = sum(one.contributions.values())
            demand = mid_rank(list(sizes.values()), sizes[one.code])
            one.demand = "alto" if demand > 2 / 3 else "medio" if demand > 1 / 3 else "baixo"
            steps = len(one.missing) + (self.months[4] < 12)
            one.confidence = ("alta", "media", "baixa")[min(steps, 2)]
            slope = one.slope(self.whole)
            zero = any(one.windows[at] == 0 for at in self.whole)
            one.growth_pct = None if slope is None or zero else 100 * math.expm1(slope)
        every.sort(key=lambda one: (-one.score, -one.windows[4], one.code))
        for rank, one in enumerate(every):
            one.rank = rank + 1

    def spans(self):
        return [(month_text(window[0]), month_text(window[-1])) for window in self.windows]
