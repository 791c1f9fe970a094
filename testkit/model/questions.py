"""Random questions that people could ask, from a seed."""

from explorer import BLOCS, PRODUCTS, Question
from facts import AT, month_text
from simulator import WEIGHTS


class Asker:
    """`dimensions` and `measures` are those that both the server and the model know."""

    def __init__(self, facts, random, dimensions, measures):
        self.facts, self.random = facts, random
        self.dimensions, self.measures = dimensions, measures
        values = {}
        for cell in facts.cells:
            values[cell[AT["ncm"]]] = values.get(cell[AT["ncm"]], 0) + cell[AT["fob"]]
        self.top = sorted(values, key=values.get, reverse=True)[:300]
        self.any = sorted(values)
        self.sliced = sorted(facts.slices)
        self.countries = sorted(facts.by_country)
        self.idle = [ncm for ncm in facts.known if ncm not in values]
        self.values = {name: sorted({cell[AT[name]] for cell in facts.finest})
                       for name in ("uf", "sector", "via", "region", "urf") if name in dimensions}

    def products(self, count):
        pools = (self.top, self.any, self.sliced, self.sliced)
        return sorted({self.random.choice(self.random.choice(pools)) for _ in range(count)})

    def time_cuts(self):
        pick = self.random.choice
        return pick([
            {}, {}, {"year": ["latest"]}, {"year": ["2025"]}, {"year": ["2023-2024"]}, {"year": ["2022", "2024"]},
            {"month": ["1-2"]}, {"month": ["latest"]}, {"month": ["2024-07..2025-06"]}, {"month": ["2025-02", "2024-02"]},
            {"year": ["2024-2025"], "month": ["1-6"]}, {"year": ["latest"], "month": ["2"]}, {"month": [month_text(2024 * 12)]},
        ])

    def product_cuts(self):
        kind = self.random.random()
        if kind < 0.45:
            return {"ncm": self.products(self.random.randint(1, 4))}
        if kind < 0.6:
            name = self.random.choice(PRODUCTS[1:])
            return {name: sorted({ncm[:int(name[2])] for ncm in self.products(self.random.randint(1, 2))})}
        if kind < 0.65:
            ncm = self.products(1)[0]
            return {"sh2": [ncm[:2]], "sh6": sorted({ncm[:6], self.products(1)[0][:6]})}
        return {}

    def other_cuts(self):
        cuts = {}
        for name in ("country", "uf", "sector", "via", "region", "urf", "bloc"):
            if name in self.dimensions and self.random.random() < 0.14:
                values = self.countries if name == "country" else sorted(BLOCS) if name == "bloc" else self.values[name]
                chosen = self.random.sample(values, min(len(values), self.random.randint(1, 3)))
                cuts[name] = [str(value) for value in chosen]
        return cuts

    def table(self):
        """A question for the explorer."""
        random = self.random
        cuts = {**self.product_cuts(), **self.other_cuts(), **self.time_cuts()}
        narrow = "ncm" in cuts or "country" in cuts
        drilldowns = random.sample(self.dimensions, random.choice([0, 1, 1, 2, 2, 3, 4] if narrow else [0, 1, 1, 2, 2]))
        measures = random.sample(self.measures, random.randint(1, 4))
        if not {"year", "month"} & set(drilldowns):
            measures = [name for name in measures if name != "growth"]
        if "country" in drilldowns:
            measures = [name for name in measures if name != "hhi"]
        measures = measures or ["fob"]
        fields = [name for name in drilldowns if name != "urf"] + measures
        sort = (random.choice(fields), random.choice(["asc", "desc"])) if random.random() < 0.5 else None
        limit, offset = random.choice([(1000, 0), (50_000, 0), (7, 0), (20, 5), (1000, 3)])
        return Question(drilldowns, cuts, measures, sort, limit, offset)

    def simulation(self):
        random = self.random
        request = {"ncm": random.choice(self.idle) if random.random() < 0.05 else self.products(1)[0],
                   "max_results": random.choice([50, 50, 10, 3])}
        if random.random() < 0.3:
            request["countries"] = sorted(random.sample(self.rankable(), random.randint(1, 12)))
        if random.random() < 0.4:
            request["weights"] = {name: random.choice([0, 0.1, 0.25, 0.5, 1, 3]) for name in WEIGHTS}
            request["weights"]["growth"] = request["weights"]["growth"] or 0.2
        return request

    def rankable(self):
        return [code for code in self.countries if self.facts.countries.destination(code) is not None]

    def year(self):
        return self.random.choice([None, *self.facts.held_years, 2025, 2019])
