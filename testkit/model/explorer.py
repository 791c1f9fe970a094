"""The answers of the explorer and of the reports, by the contract's definitions."""

from operator import itemgetter

from facts import AT, month_text

PRODUCTS = ("ncm", "sh6", "sh4", "sh2")
# Places of the world that blocs name, by the ISO codes of their members in 2025 (Brazil is no destination).
BLOCS = {
    "mercosul": "AR BO PY UY VE",
    "uniao-europeia": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    "efta": "CH IS LI NO",
    "usmca": "CA MX US",
    "comunidade-andina": "BO CO EC PE",
    "alianca-do-pacifico": "CL CO MX PE",
    "asean": "BN ID KH LA MM MY PH SG TH TL VN",
    "brics": "AE CN EG ET ID IN IR RU ZA",
    "conselho-de-cooperacao-do-golfo": "AE BH KW OM QA SA",
}
MEMBERS = {bloc: frozenset(codes.split()) for bloc, codes in BLOCS.items()}
# A dimension is a place of the cell; the others are read by a function of it.
CUTS = ("ncm", "sh6", "sh4", "sh2", "country", "uf", "sector", "via", "region", "urf")


def blocs_of(country):
    return [bloc for bloc, members in MEMBERS.items() if country in members] or ["sem-bloco"]


def ratio(numerator, denominator, decimals=6):
    """A quotient in units of 10^-decimals, rounded half away from zero; None without a denominator."""
    if denominator <= 0:
        return None
    scaled = 2 * numerator * 10**decimals
    return (abs(scaled) + denominator) // (2 * denominator) * (-1 if scaled < 0 else 1)


class Question:
    """`cuts` by dimension, each a list of values as the address has them."""

    def __init__(self, drilldowns, cuts, measures, sort=None, limit=1000, offset=0):
        self.drilldowns, self.cuts, self.measures = drilldowns, cuts, measures
        self.sort, self.limit, self.offset = sort, limit, offset

    def query(self):
        cuts = ",".join(f"{name}:{'%7C'.join(values)}" for name, values in self.cuts.items())
        parts = [("drilldowns", ",".join(self.drilldowns)), ("cuts", cuts), ("measures", ",".join(self.measures)),
                 ("sort", "" if self.sort is None else ".".join(self.sort)), ("limit", self.limit), ("offset", self.offset)]
        return "&".join(f"{name}={value}" for name, value in parts if value != "")

    def uses(self, *names):
        return any(name in self.drilldowns or name in self.cuts or name in self.measures for name in names)


class Scope:
    """What is covered for a set of products: the least that must be, and the most that may be.

    A product that ended needs no cover; which ones ended is not this model's to say, so months that slices cover for
    some products of a set and not for all are taken as the answer says them, within these bounds.
    """

    def __init__(self, facts, products):
        self.least = set(facts.covered_all)
        self.most = set(facts.covered_all)
        if products is None:
            return
        months = [facts.slices.get(ncm, set()) for ncm in products]
        self.most |= set().union(*months)
        if months:
            self.least |= set.intersection(*(own | facts.covered_all for own in months))


def known_products(facts, cuts):
    """The products that the cuts name, known to the table or the data; None without such a cut."""
    wanted = [tuple(set(cuts[name])) for name in PRODUCTS if name in cuts]
    if not wanted:
        return None
    # The finest cut names the fewest; the others narrow it.
    named = {ncm for code in wanted[0] for ncm in facts.known_within(code)}
    return sorted(ncm for ncm in named if all(ncm.startswith(codes) for codes in wanted[1:]))


def months_asked(facts, cuts, through):
    """Months of the years that hold anything, kept by the cuts of time."""
    months = [year * 12 + at for year in facts.held_years for at in range(12)]

    def of_years(month):
        return any(
            (value == "latest" and through is not None and month // 12 == through // 12)
            or (value != "latest" and int(value[:4]) <= month // 12 <= int(value[-4:]))
            for value in cuts.get("year", ["1900-2999"]))

    def of_months(month):
        for value in cuts.get("month", ["1-12"]):
            if value == "latest":
                found = month == through
            elif len(value) >= 7:
                found = value[:7] <= month_text(month) <= value[-7:]
            else:
                first, _, last = value.partition("-")
                found = int(first) <= month % 12 + 1 <= int(last or first)
            if found:
                return True
        return False

    return [month for month in months if of_years(month) and of_months(month)]


def candidates(facts, question):
    """The cells that can count, from the smallest list that holds them."""
    if question.uses("urf", "qt"):
        return facts.finest
    if not question.uses(*PRODUCTS, "via"):
        return facts.wide
    products = known_products(facts, question.cuts)
    if products is not None:
        return [cell for ncm in products for cell in facts.by_ncm.get(ncm, [])]
    if "country" in question.cuts:
        return [cell for code in set(question.cuts["country"]) for cell in facts.by_country.get(code, [])]
    return facts.cells


def selected(facts, question):
    """The cells of the question, whatever their month."""
    cells = candidates(facts, question)
    for name in CUTS:
        if name in question.cuts:
            place, values = AT[name], set(question.cuts[name])
            if name == "via":
                values = {int(value) for value in values}
            cells = [cell for cell in cells if cell[place] in values]
    if "bloc" in question.cuts:
        wanted, place = set(question.cuts["bloc"]), AT["country"]
        cells = [cell for cell in cells if wanted.intersection(blocs_of(cell[place]))]
    return cells


class Sums:
    __slots__ = ("fob", "kg", "priced", "qt", "units", "growth", "hhi")

    def __init__(self):
        self.fob = self.kg = self.priced = self.qt = 0
        self.units, self.growth, self.hhi = set(), None, None


class Answer:
    """The rows of a question, by the values of its drilldowns. `covered` is what the answer says of the question."""

    def __init__(self, facts, question, covered):
        self.facts, self.question, self.covered = facts, question, covered
        through = max(covered, default=None)
        self.asked = months_asked(facts, question.cuts, through)
        self.by_month = "month" in question.drilldowns
        self.timed = self.by_month or "year" in question.drilldowns
        self.cells = selected(facts, question)
        self.rows, self.total = {}, 0
        self.scopes, self.coverages = {}, {}
        products = known_products(facts, question.cuts)
        self.cut = None if products is None else set(products)
        self.add_up()
        self.fill_known_zeros()
        if "growth" in question.measures:
            self.fill_growth()
        if "hhi" in question.measures:
            self.fill_hhi()

    def keys(self, cells, extra=()):
        """Each cell with the key of each row that it is part of: one, or one for each bloc of its country."""
        names = [*self.question.drilldowns, *extra]
        places = [AT["country" if name == "bloc" else name] for name in names]
        if len(places) > 1:
            take = itemgetter(*places)
        else:
            take = (lambda cell: (cell[places[0]],)) if places else (lambda cell: ())
        if "bloc" not in names:
            return zip(cells, map(take, cells))
        at, wanted = names.index("bloc"), self.question.cuts.get("bloc")
        return ((cell, key[:at] + (bloc,) + key[at + 1:]) for cell, key in zip(cells, map(take, cells))
                for bloc in blocs_of(key[at]) if wanted is None or bloc in wanted)

    def add_up(self):
        asked = set(self.asked)
        fob, kg, qt, unit = AT["fob"], AT["kg"], AT["qt"], AT["unit"]
        cells = [cell for cell in self.cells if cell[0] in asked]
        self.total = sum(cell[fob] for cell in cells)
        rows = self.rows
        for cell, key in self.keys(cells):
            sums = rows.get(key)
            if sums is None:
                sums = rows[key] = Sums()
            sums.fob += cell[fob]
            if cell[kg] > 0:
                sums.kg += cell[kg]
                sums.priced += cell[fob]
            sums.qt += cell[qt]
            sums.units.add(cell[unit])

    def bucket(self, month):
        """The key of a series by time alone, or of the total."""
        return tuple(month if name == "month" else month // 12 for name in self.question.drilldowns)

    def fill_known_zeros(self):
        if set(self.question.drilldowns) <= {"year", "month"}:
            for month in set(self.asked) & self.covered:
                self.rows.setdefault(self.bucket(month), Sums())

    def time_of(self, key):
        name = "month" if self.by_month else "year"
        return key[self.question.drilldowns.index(name)]

    def fill_growth(self):
        now = {month for month in self.asked if month in self.covered}
        time = (lambda month: month) if self.by_month else (lambda month: month // 12)
        lacking = {time(month) for month in now if month - 12 not in self.covered}
        comparable = {time(month) for month in now} - lacking
        before = {month - 12 for month in now if month - 12 in self.covered}
        values, bases = {}, {}
        fob = AT["fob"]
        # The first two places are month and year.
        later = [(cell[0] + 12, cell[1] + 1, *cell[2:]) for cell in self.cells if cell[0] in before]
        current = [cell for cell in self.cells if cell[0] in now]
        for sums, cells in ((values, current), (bases, later)):
            for cell, key in self.keys(cells):
                sums[key] = sums.get(key, 0) + cell[fob]
        for key, row in self.rows.items():
            if self.time_of(key) in comparable:
                base = bases.get(key, 0)
                row.growth = ratio(values.get(key, 0) - base, base)

    def fill_hhi(self):
        asked, parts = set(self.asked), {}
        fob = AT["fob"]
        for cell, key in self.keys([cell for cell in self.cells if cell[0] in asked], extra=("country",)):
            parts[key] = parts.get(key, 0) + cell[fob]
        squares = {}
        for key, value in parts.items():
            squares[key[:-1]] = squares.get(key[:-1], 0) + value * value
        for key, row in self.rows.items():
            if row.fob > 0:
                row.hhi = ratio(squares.get(key, 0), row.fob * row.fob)

    def measure(self, key, name):
        """An integer: dollars, kilograms, units of quantity, or millionths."""
        row = self.rows[key]
        if name in ("fob", "kg"):
            return getattr(row, name)
        if name == "share":
            return ratio(row.fob, self.total)
        if name == "price":
            return ratio(row.priced, row.kg)
        if name == "qt":
            return row.qt if len(row.units) == 1 else None
        return row.growth if name == "growth" else row.hhi

    def scope_of(self, key):
        """What is covered for a row with a product of its own, where slices speak of it; else None."""
        own = {name: key[at] for at, name in enumerate(self.question.drilldowns) if name in PRODUCTS}
        if not own:
            return None
        finest = max(own, key=lambda name: len(own[name]))
        code = own[finest]
        if code not in self.scopes:
            products = [ncm for ncm in self.facts.known_within(code) if self.cut is None or ncm in self.cut]
            sliced = any(ncm in self.facts.slices for ncm in products)
            self.scopes[code] = Scope(self.facts, products) if sliced else None
        return self.scopes[code]

    def coverage(self, key):
        """Of the row's months that were asked for: those there are, and those covered, at least and at most."""
        scope, time = self.scope_of(key), self.time_of(key) if self.timed else None
        if (scope, time) not in self.coverages:
            months = set(self.asked)
            if self.timed:
                months = {time} if self.by_month else {month for month in months if month // 12 == time}
            least, most = (self.covered, self.covered) if scope is None else (scope.least, scope.most)
            self.coverages[scope, time] = months, months & least, months & most
        return self.coverages[scope, time]

    def sort_keys(self):
        """Every row with what it is ordered by; equal ones may stand in any order."""
        drilldowns, first = self.question.drilldowns, self.question.measures[0]

        def by_measure(key, name, descending):
            value = self.measure(key, name)
            return (value is None, 0 if value is None else (-value if descending else value))

        ranks = {}
        if self.question.sort is not None and self.question.sort[0] in drilldowns:
            at = drilldowns.index(self.question.sort[0])
            ranks = {code: rank for rank, code in enumerate(sorted({key[at] for key in self.rows}))}

        def order(key):
            asked = ()
            if self.question.sort is not None:
                name, way = self.question.sort
                if name in drilldowns:
                    rank = ranks[key[drilldowns.index(name)]]
                    asked = (rank if way == "asc" else -rank,)
                else:
                    asked = by_measure(key, name, way == "desc")
            return (*asked, self.time_of(key) if self.timed else 0, *by_measure(key, first, True))

        return {key: order(key) for key in self.rows}


def summary(facts, year, sector):
    """`/metrics/resumo`."""
    cells = [cell for cell in facts.wide
             if year in (None, cell[AT["year"]]) and sector in (None, cell[AT["sector"]])]
    years = sorted({cell[AT["year"]] for cell in cells})
    return {
        "totalUsd": sum(cell[AT["fob"]] for cell in cells) if years else None,
        "totalKg": sum(cell[AT["kg"]] for cell in cells) if years else None,
        "paisesCount": len({cell[AT["country"]] for cell in cells}),
        "setoresCount": len({cell[AT["sector"]] for cell in cells}),
        "anos": years,
        "partialYears": [at for at in sorted({*years, *([year] if year else [])}) if facts.years.get(at, 0) < 12],
    }


def ranking(facts, year):
    """`/metrics/pais`: Brazil counts in the shares and is not in the list."""
    sums = {}
    for cell in facts.wide:
        if year in (None, cell[AT["year"]]):
            row = sums.setdefault(cell[AT["country"]], [0, 0, set()])
            row[0] += cell[AT["fob"]]
            row[1] += cell[AT["kg"]]
            row[2].add(cell[AT["year"]])
    total = sum(row[0] for row in sums.values())
    names = facts.countries
    return [
        {"pais": names.names.get(names.by_shown.get(code), code), "totalUsd": fob, "totalKg": kg,
         "participacaoPct": ratio(fob, total, 4) or 0, "anos": sorted(years)}
        for code, (fob, kg, years) in sums.items() if code != "BR"
    ]
