"""Asks the server, and compares its answers with the model's number by number."""

import csv
import http.client
import io
import json
import xml.etree.ElementTree as xml
import zipfile
from decimal import Decimal

from explorer import Answer, Scope, known_products, ranking, summary
from facts import month_text
from simulator import WEIGHTS, Simulation

SCALES = {"share": 6, "growth": 6, "price": 6, "hhi": 6}
LABELS = {"ncm": "ncm_description", "sh6": "sh6_description", "sh4": "sh4_description", "sh2": "sh2_description",
          "country": "country_name", "uf": "uf_name", "sector": "sector_name", "via": "via_name",
          "region": "region_name", "urf": "urf_name", "bloc": "bloc_name"}


class Difference(Exception):
    """The answer is not the model's."""


class Refused(Exception):
    """The question is too large for the server."""


def same(what, found, expected):
    if found != expected:
        raise Difference(f"{what}: the server says {found!r}, the model {expected!r}")


def near(what, found, expected, decimals):
    """A float printed with so many decimals."""
    if (found is None) != (expected is None):
        raise Difference(f"{what}: the server says {found!r}, the model {expected!r}")
    if found is not None and abs(float(found) - expected) > 0.5 * 10**-decimals + 1e-9 * max(1, abs(expected)):
        raise Difference(f"{what}: the server says {found!r}, the model {expected!r}")


class Server:
    def __init__(self, address, token):
        self.connection = http.client.HTTPConnection(address, timeout=60)
        self.headers = {"authorization": f"Bearer {token}"} if token else {}

    def raw(self, path, body=None):
        headers = dict(self.headers)
        if body is not None:
            headers["content-type"] = "application/json"
        method = "GET" if body is None else "POST"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except http.client.RemoteDisconnected:
            # The server closes a connection that was idle while the model thought.
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        return answer.status, answer.read()

    def json(self, path, request=None):
        status, body = self.raw(path, None if request is None else json.dumps(request))
        if status == 422:
            raise Refused(path)
        if status != 200:
            raise Difference(f"status {status}: {body[:300]!r}")
        return json.loads(body, parse_float=Decimal)


def table_columns(question):
    columns = []
    for name in question.drilldowns:
        columns += [name] + ([LABELS[name]] if name in LABELS else [])
    if "month" in question.drilldowns:
        columns += ["partial"]
    elif "year" in question.drilldowns:
        columns += ["months_covered", "partial"]
    for name in question.measures:
        columns += [name] + (["qt_unit"] if name == "qt" else [])
    return columns


def shown(name, value):
    return month_text(value) if name == "month" else value


class Table:
    """One question for the explorer, with its answer in JSON and as a file."""

    def __init__(self, facts, server, question):
        self.facts, self.question = facts, question
        path = f"/v1/exports?{question.query()}"
        answer = server.json(path)
        self.meta, self.data = answer["meta"], answer["data"]
        self.model = Answer(facts, question, self.covered())
        self.columns = table_columns(question)
        self.check_meta()
        self.check_rows(self.data, len(self.columns))
        self.check_order()
        self.path, self.server = path, server

    def covered(self):
        """What the question covers: all but months that slices bring for some of its products is the model's to say."""
        scope = Scope(self.facts, known_products(self.facts, self.question.cuts))
        if scope.least == scope.most:
            return scope.least
        said = set()
        for span in self.meta["covered"]:
            first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (span["from"], span["to"]))
            said |= set(range(first, last + 1))
        covered = scope.least | (said & scope.most)
        through = self.meta["through"]
        known = covered | scope.most
        return covered | {month for month in known if through and month_text(month) == through}

    def check_meta(self):
        model, meta = self.model, self.meta
        same("total_rows", meta["total_rows"], len(model.rows))
        through = max(model.covered, default=None)
        same("through", meta["through"], None if through is None else month_text(through))
        asked = set(model.asked)
        same("partial_years", meta["partial_years"], sorted({month // 12 for month in asked - model.covered}))
        spans = []
        for month in sorted(asked & model.covered):
            if spans and spans[-1][1] == month - 1:
                spans[-1][1] = month
            else:
                spans.append([month, month])
        spans = [{"from": month_text(first), "to": month_text(last)} for first, last in spans]
        same("covered", meta["covered"], spans)

    def key_of(self, row):
        def value(name):
            text = row[name]
            if name == "month":
                return int(text[:4]) * 12 + int(text[5:]) - 1
            return int(text) if name in ("year", "via") else text
        return tuple(value(name) for name in self.question.drilldowns)

    def check_rows(self, rows, columns):
        question = self.question
        expected = max(0, min(question.limit, len(self.model.rows) - question.offset))
        same("rows", len(rows), expected)
        for row in rows:
            key = self.key_of(row)
            if key not in self.model.rows:
                raise Difference(f"the model has no row {key}")
            same("columns", len(row), columns)
            for name in question.measures:
                self.check_measure(key, name, row[name])
            self.check_coverage(key, row)

    def check_measure(self, key, name, found):
        expected = self.model.measure(key, name)
        if expected is None or found is None:
            same(f"{name} of {key}", found, expected)
        elif name == "hhi":
            # Shares are rounded before they are squared.
            if abs(Decimal(found) * 10**6 - expected) > 1:
                same(f"hhi of {key}", found, expected)
        else:
            same(f"{name} of {key}", Decimal(found), Decimal(expected).scaleb(-SCALES.get(name, 0)))

    def check_coverage(self, key, row):
        months, least, most = self.model.coverage(key)
        if "partial" in row:
            allowed = {len(least) < len(months), len(most) < len(months)}
            if row["partial"] not in allowed:
                raise Difference(f"partial of {key}: {row['partial']}")
        if "months_covered" in row and not len(least) <= row["months_covered"] <= len(most):
            raise Difference(f"months_covered of {key}: {row['months_covered']}, not {len(least)} to {len(most)}")
        if "through" in row:
            last = [month_text(max(some)) if some else None for some in (least, most)]
            if row["through"] not in last and not (last[0] or "") <= (row["through"] or "") <= (last[1] or ""):
                raise Difference(f"through of {key}: {row['through']}, not {last}")

    def check_order(self):
        keys = self.model.sort_keys()
        start = self.question.offset
        expected = sorted(keys.values())[start:start + self.question.limit]
        same("order", [keys[self.key_of(row)] for row in self.data], expected)

    def check_csv(self, dialect):
        status, body = self.server.raw(f"{self.path}&format=csv&dialect={dialect}")
        same("status", status, 200)
        text = body.decode("utf-8")
        same("byte order mark", text.startswith("\ufeff"), dialect == "br")
        separator, point = (";", ",") if dialect == "br" else (",", ".")
        lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator)
        header = next(lines)
        self.check_file(header, [[self.from_csv(name, field, point) for name, field in zip(header, line)] for line in lines])

    def from_csv(self, name, field, point):
        if name in ("partial",):
            return {"true": True, "false": False}[field]
        if field == "":
            return None
        if name in self.question.measures or name in ("months_covered", "year", "via"):
            return Decimal(field.replace(point, "."))
        return field

    def check_xlsx(self):
        status, body = self.server.raw(f"{self.path}&format=xlsx")
        same("status", status, 200)
        header, *lines = sheet(body)
        rows = [[self.from_cell(name, line.get(at)) for at, name in enumerate(header.values())] for line in lines]
        self.check_file(list(header.values()), rows)

    def from_cell(self, name, value):
        if isinstance(value, float):
            # A double holds 15 digits; what the answer prints is the nearest one to them.
            value = Decimal(repr(value))
            return value.to_integral_value() if value == value.to_integral_value() else value
        return int(value) if name == "via" and value is not None else value

    def check_file(self, header, lines):
        """The columns and rows of the screen, in its order, then what is covered."""
        columns = len(self.columns)
        same("columns", header[:columns], self.columns)
        rest = [name for name in ("months_covered", "partial", "through") if name not in self.columns]
        same("columns of coverage", header[columns:], rest)
        rows = [dict(zip(header, line)) for line in lines]
        self.check_rows(rows, len(header))
        same("order of the file", [self.key_of(row) for row in rows], [self.key_of(row) for row in self.data])


def sheet(body):
    """The rows of a workbook's first sheet, each a dict by place."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    archive = zipfile.ZipFile(io.BytesIO(body))
    strings = []
    if "xl/sharedStrings.xml" in archive.namelist():
        strings = ["".join(part.text or "" for part in one.iter(f"{space}t"))
                   for one in xml.fromstring(archive.read("xl/sharedStrings.xml"))]
    rows = []
    for row in xml.fromstring(archive.read("xl/worksheets/sheet1.xml")).iter(f"{space}row"):
        cells = {}
        for cell in row:
            value = cell.find(f"{space}v")
            if value is None:
                continue
            letters = cell.get("r").rstrip("0123456789")
            place = 0
            for letter in letters:
                place = place * 26 + ord(letter) - 64
            kind = cell.get("t")
            text = value.text
            cells[place - 1] = strings[int(text)] if kind == "s" else text == "1" if kind == "b" else float(text)
        rows.append(cells)
    return rows


def check_summary(facts, server, year, sector):
    query = "&".join(f"{name}={value}" for name, value in (("ano", year), ("setor", sector)) if value is not None)
    answer = server.json(f"/metrics/resumo?{query}")
    expected = summary(facts, year, sector)
    for name, value in expected.items():
        same(f"{name} of {query}", answer["data"][name] if name == "partialYears" else answer[name], value)


def check_ranking(facts, server, year, limit):
    query = f"limit={limit}" + ("" if year is None else f"&ano={year}")
    answer = server.json(f"/metrics/pais?{query}")
    expected = sorted(ranking(facts, year), key=lambda row: -row["totalUsd"])
    same(f"countries of {query}", len(answer), min(limit, len(expected)))
    by_name = {row["pais"]: row for row in expected}
    same("names", len(by_name), len(expected))
    for row, place in zip(answer, expected):
        same(f"order of {query}", row["totalUsd"], place["totalUsd"])
        model = by_name.get(row["pais"])
        if model is None:
            raise Difference(f"the model has no country {row['pais']}")
        for name in ("totalUsd", "totalKg", "anos"):
            same(f"{name} of {row['pais']} in {query}", row[name], model[name])
        part = Decimal(model["participacaoPct"]).scaleb(-2)
        same(f"participacaoPct of {row['pais']} in {query}", Decimal(row["participacaoPct"]), part)


def check_simulation(facts, server, request):
    answer = server.json("/v1/simulator/destinations", request)
    model = Simulation(facts, request["ncm"], request.get("weights", WEIGHTS))
    data = answer["data"]
    same("through", data["through"], None if model.through is None else month_text(model.through))
    same("months_covered", data["months_covered"], model.months[4])
    same("reference_destinations", data["reference_destinations"], len(model.destinations))
    wanted = [one for one in model.destinations if one.code in request.get("countries", [one.code])]
    same("total_destinations", answer["total_destinations"], len(wanted))
    same("destinations", len(answer["destinations"]), min(len(wanted), request["max_results"]))
    by_code = {one.code: one for one in model.destinations}
    for found, place in zip(answer["destinations"], wanted):
        one = by_code.get(found["country_code"])
        if one is None:
            raise Difference(f"the model has no destination {found['country_code']}")
        if one is not place and abs(one.score - place.score) > 1e-12:
            same("order", found["country_code"], place.code)
        check_destination(model, one, found)


def check_destination(model, one, found):
    code = one.code
    near_rank = model.destinations[found["rank"] - 1]
    if abs(near_rank.score - one.score) > 1e-12:
        same(f"rank of {code}", found["rank"], one.rank)
    near(f"score of {code}", found["score"], one.score, 2)
    values = {"market_size": (one.windows[4], 2), "growth": (one.slope(model.whole), 6), "price": (one.price(), 4),
              "distance": (one.km, 1)}
    total = sum(model.weights.values())
    for name, (value, decimals) in values.items():
        part = found["score_breakdown"][name]
        near(f"{name} of {code}", part["value"], value, decimals)
        near(f"normalized {name} of {code}", part["normalized"], one.parts[name], 4)
        near(f"weight of {name}", part["weight"], model.weights[name] / total, 4)
        near(f"contribution of {name} of {code}", part["contribution"], one.contributions[name], 4)
        same(f"insufficient_data of {name} of {code}", part["insufficient_data"], name in one.missing)
    same(f"demand_level of {code}", found["demand_level"], one.demand)
    same(f"confidence of {code}", found["confidence"], one.confidence)
    same(f"market_size_usd of {code}", found["market_size_usd"], one.windows[4])
    near(f"growth_rate_pct of {code}", found["growth_rate_pct"], one.growth_pct, 2)
    near(f"avg_price_usd_per_kg of {code}", found["avg_price_usd_per_kg"], one.price(), 4)
    near(f"distance_km of {code}", found["distance_km"], one.km, 1)
    for at, window in enumerate(found["windows"]):
        same(f"window of {code}", (window["from"], window["through"]), model.spans()[at])
        same(f"months of {code}", window["months_covered"], model.months[at])
        same(f"covered of {code}", window["covered"], model.months[at] == 12)
        same(f"fob_usd of {code}", window["fob_usd"], one.windows[at] if model.months[at] else None)
