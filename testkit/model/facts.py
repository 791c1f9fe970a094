"""The official files and tables, read once more and from nothing but their published layout.

A cell is one tuple of what a row says, with the codes as answers show them; `AT` names its places. Loading follows the
contract: a year file replaces its year and covers January to its last month; a slice replaces, for every product in it,
the months from its first to its last, and covers them for those products only.
"""

import bisect
import csv
import gzip
import io
import math
import operator
import pathlib
import re
import unicodedata

FIELDS = (
    "month", "year", "ncm", "sh6", "sh4", "sh2", "country", "uf", "via", "sector", "region", "urf", "unit",
    "fob", "kg", "qt",
)
AT = {name: place for place, name in enumerate(FIELDS)}
SECTORS = ("agropecuaria", "industria-extrativa", "industria-de-transformacao", "outros-produtos")
SAO_PAULO = (-23.5505, -46.6333)
EARTH_KM = 6371.0088


def slug(text):
    """`Não declarada` → `nao-declarada`."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def text_of(path):
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def month_text(month):
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


class Countries:
    """Who is which country: the project's table of codes, and the ministry's names."""

    def __init__(self, project, tables):
        own = csv.DictReader(io.StringIO(text_of(project / "contexts/trade/data/countries.csv")), delimiter=";")
        self.merged, self.rows, by_iso3 = {}, {}, {}
        for row in own:
            code, canonical = int(row["co_pais"]), int(row["canonical"])
            self.merged[code] = canonical
            if code == canonical:
                self.rows[code] = row
                if row["iso3"]:
                    by_iso3.setdefault(row["iso3"], code)
        self.names = {code: row["name_pt"] for code, row in self.rows.items()}
        for row in csv.DictReader(io.StringIO(text_of(tables / "PAIS.csv")), delimiter=";"):
            code = int(row["CO_PAIS"])
            if code not in self.merged:
                self.merged[code] = by_iso3.get(row["CO_PAIS_ISOA3"], code)
            if self.merged[code] == code:
                self.names[code] = row["NO_PAIS"].strip()
        self.by_shown = {self.shown(code): code for code in self.names}

    def shown(self, code):
        """What answers call it: ISO alpha-2, else the ministry's three digits."""
        code = self.merged.get(code, code)
        return self.rows.get(code, {}).get("iso2") or f"{code:03d}"

    def destination(self, shown):
        """Kilometres from São Paulo to the capital; None for what is never ranked."""
        row = self.rows.get(self.by_shown.get(shown))
        if row is None or row["status"] not in ("country", "territory") or not row["latitude"]:
            return None
        return great_circle(SAO_PAULO, (float(row["latitude"]), float(row["longitude"])))


def great_circle(one, other):
    (lat1, lon1), (lat2, lon2) = [tuple(map(math.radians, place)) for place in (one, other)]
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(chord))


class Sectors:
    """The sector of a product: the division of its ISIC class, else the project's list of prefixes."""

    def __init__(self, project, tables):
        self.known, self.isic = set(), {}
        # Descriptions in the published file hold stray quotes and line ends; what stands before them does not.
        record = re.compile(r'^"?(\d{8})"?;' + r'"?([^";]*)"?;' * 9, re.MULTILINE)
        for found in record.finditer(text_of(next(tables.glob("NCM.csv*")))):
            self.known.add(found[1])
            if re.fullmatch(r"\d{3,4}", found[10]):
                self.isic[found[1]] = int(found[10]) // 100
        lines = text_of(project / "contexts/trade/data/sectors.csv").splitlines()[1:]
        self.prefixes = dict(line.split(";") for line in lines if line)
        self.found = {}

    def of(self, ncm):
        if ncm not in self.found:
            self.found[ncm] = SECTORS[self.look_up(ncm)]
        return self.found[ncm]

    def look_up(self, ncm):
        division = self.isic.get(ncm)
        if division is None:
            prefix = next(ncm[:length] for length in range(8, -1, -1) if ncm[:length] in self.prefixes)
            return int(self.prefixes[prefix])
        if 1 <= division <= 3:
            return 0
        if 5 <= division <= 9:
            return 1
        return 2 if 10 <= division <= 33 else 3


class Facts:
    """What is live after the loads. `fine` keeps customs units and quantities apart, which few questions need."""

    def __init__(self, project, data, fine):
        self.fine = fine
        tables = data / "tables"
        self.countries, self.sectors = Countries(project, tables), Sectors(project, tables)
        states = csv.DictReader(io.StringIO(text_of(tables / "UF.csv")), delimiter=";")
        named = {row["SG_UF"]: slug(row["NO_REGIAO"]) for row in states}
        five = {f"regiao-{name}": name for name in ("norte", "nordeste", "sudeste", "sul", "centro-oeste")}
        self.regions = {uf: five.get(name, "nao-declarada") for uf, name in named.items()}
        self.rows, self.years, self.slices = {}, {}, {}

    def read(self, path):
        """Rows of an official file by what they are of; equal ones are added up, those without weight apart."""
        lines = text_of(path).replace('"', "").split("\n")
        header = lines[0].strip().split(";")
        take = operator.itemgetter(*[header.index(name) for name in (
            "CO_ANO", "CO_MES", "CO_NCM", "CO_PAIS", "SG_UF_NCM", "CO_VIA", "CO_URF", "CO_UNID",
            "VL_FOB", "KG_LIQUIDO", "QT_ESTAT")])
        rows, shown = {}, {}
        for line in lines[1:]:
            if not line:
                continue
            year, month, ncm, country, uf, via, urf, unit, fob, kg, qt = take(line.split(";"))
            if country not in shown:
                shown[country] = self.countries.shown(int(country))
            fob, kg = int(fob), int(kg)
            place = (int(year) * 12 + int(month) - 1, ncm.zfill(8), shown[country], uf, int(via), kg > 0)
            key = (*place, urf.zfill(7), int(unit)) if self.fine else (*place, None, None)
            sums = rows.get(key)
            if sums is None:
                rows[key] = [fob, kg, int(qt)]
            else:
                sums[0] += fob
                sums[1] += kg
                sums[2] += int(qt)
        return rows

    def load(self, path, mode):
        new = self.read(path)
        months = [key[0] for key in new]
        first, last = min(months), max(months)
        if mode == "year":
            year = first // 12
            self.rows = {key: sums for key, sums in self.rows.items() if key[0] // 12 != year}
            self.years[year] = last % 12 + 1
        else:
            products = {key[1] for key in new}
            self.rows = {key: sums for key, sums in self.rows.items()
                         if key[1] not in products or not first <= key[0] <= last}
            for ncm in products:
                self.slices.setdefault(ncm, set()).update(range(first, last + 1))
        self.rows.update(new)

    def finish(self):
        """Indexes over what was loaded."""
        self.cells = self.finest = [self.cell(key, sums) for key, sums in self.rows.items()]
        if self.fine:
            coarse = {}
            for (*place, _, _), sums in self.rows.items():
                total = coarse.setdefault((*place, None, None), [0, 0, 0])
                total[0] += sums[0]
                total[1] += sums[1]
            self.cells = [self.cell(key, sums) for key, sums in coarse.items()]
        # The same without products and ways of transport, for the many questions that have no need of them.
        wide = {}
        month, country, uf, sector, kg = (AT[name] for name in ("month", "country", "uf", "sector", "kg"))
        for cell in self.cells:
            key = (cell[month], cell[country], cell[uf], cell[sector], cell[kg] > 0)
            total = wide.setdefault(key, [0, 0])
            total[0] += cell[AT["fob"]]
            total[1] += cell[kg]
        self.wide = [(at, at // 12, *(None,) * 4, country, uf, None, sector, self.regions.get(uf, "nao-declarada"),
                      None, None, *sums, 0) for (at, country, uf, sector, _), sums in wide.items()]
        self.by_ncm, self.by_country = {}, {}
        for cell in self.cells:
            self.by_ncm.setdefault(cell[AT["ncm"]], []).append(cell)
            self.by_country.setdefault(cell[AT["country"]], []).append(cell)
        self.known = sorted(self.sectors.known | set(self.by_ncm))
        self.held_years = sorted({cell[AT["year"]] for cell in self.cells} | set(self.years))
        self.covered_all = {year * 12 + at for year, through in self.years.items() for at in range(through)}
        self.through = max(self.covered_all, default=None)

    def cell(self, key, sums):
        month, ncm, country, uf, via, _, urf, unit = key
        return (month, month // 12, ncm, ncm[:6], ncm[:4], ncm[:2], country, uf, via, self.sectors.of(ncm),
                self.regions.get(uf, "nao-declarada"), urf, unit, *sums)

    def known_within(self, code):
        """The known products that begin with these digits."""
        start = bisect.bisect_left(self.known, code)
        return self.known[start:bisect.bisect_left(self.known, code + ":")]

    def covered(self, ncm):
        """Months known for one product."""
        return self.covered_all | self.slices.get(ncm, set())


def earlier_years(data, directory):
    """Years before the real grain files, made of 2023 with other values, so that growth has windows to stand on."""
    text = text_of(data / "EXP_2023_graos.csv.gz").splitlines()
    header = [name.strip('"') for name in text[0].split(";")]
    year, country, ncm = header.index("CO_ANO"), header.index("CO_PAIS"), header.index("CO_NCM")
    made = []
    for back in (1, 2):
        lines = [text[0]]
        for line in text[1:]:
            row = line.split(";")
            row[year] = f'"{2023 - back}"'
            factor = 60 + (int(row[country].strip('"')) * 7 + int(row[ncm].strip('"')) + back * 13) % 60
            for name in ("VL_FOB", "KG_LIQUIDO", "QT_ESTAT"):
                at = header.index(name)
                row[at] = str(int(row[at].strip('"')) * factor // 100)
            lines.append(";".join(row))
        path = pathlib.Path(directory) / f"EXP_{2023 - back}_graos.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        made.append(path)
    return made
