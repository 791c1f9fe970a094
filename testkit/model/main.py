"""A second, independent computation of reports, explorer answers and scores, compared with a running server.

    main.py earlier --data DIR --into DIR       writes the made-up earlier years, and prints what to load, in order
    main.py compare --data DIR --made DIR --server HOST:PORT --token T [--seed N] [--questions N]

Standard library only. See README.md beside this file.
"""

import argparse
import json
import pathlib
import random
import sys
import time

import compare
from explorer import CUTS
from facts import Facts, earlier_years
from questions import Asker

PROJECT = pathlib.Path(__file__).resolve().parents[2]
DIMENSIONS = ("year", "month", *CUTS, "bloc")
MEASURES = ("fob", "kg", "share", "growth", "price", "hhi", "qt")
DIFFERENCES_MAX = 10


def loads(data, made):
    """The files in the order of their loading, and how each is loaded."""
    slices = sorted(made.glob("EXP_*.csv")) + [data / f"EXP_{year}_graos.csv.gz" for year in (2023, 2024, 2025)]
    return [(data / "EXP_2025.csv.gz", "year"), *((path, "slice") for path in slices)]


def common(server):
    """Dimensions and measures that the server and the model both know."""
    parameters = server.json("/openapi.json")["paths"]["/v1/exports"]["get"]["parameters"]
    offered = {one["name"]: one["schema"].get("items", {}).get("enum", []) for one in parameters}
    return ([name for name in DIMENSIONS if name in offered["drilldowns"]],
            [name for name in MEASURES if name in offered["measures"]])


def offers_files(server):
    """Whether the server writes the CSV dialects and workbooks that the model reads."""
    parameters = server.json("/openapi.json")["paths"]["/v1/exports"]["get"]["parameters"]
    return any(one["name"] == "dialect" for one in parameters)


def ask(facts, server, asker, pick, files):
    """One random question; what it was, and how it was refused."""
    kind = pick.random()
    if kind < 0.58:
        question = asker.table()
        table = compare.Table(facts, server, question)
        form = pick.random() if files else 1.0
        if form < 0.15:
            table.check_xlsx()
        elif form < 0.45:
            table.check_csv(pick.choice(["plain", "br"]))
    elif kind < 0.66:
        compare.check_summary(facts, server, asker.year(), pick.choice([None, *asker.values["sector"]]))
    elif kind < 0.72:
        compare.check_ranking(facts, server, asker.year(), pick.choice([1000, 10]))
    else:
        compare.check_simulation(facts, server, asker.simulation())


def run(arguments):
    began = time.monotonic()
    server = compare.Server(arguments.server, arguments.token)
    dimensions, measures = common(server)
    facts = Facts(PROJECT, arguments.data, fine="urf" in dimensions or "qt" in measures)
    for path, mode in loads(arguments.data, arguments.made):
        facts.load(path, mode)
    facts.finish()
    read = time.monotonic() - began
    pick = random.Random(arguments.seed)
    asker = Asker(facts, pick, dimensions, measures)
    files = offers_files(server)
    answered, refused, differences = 0, 0, []
    while answered + len(differences) < arguments.questions and len(differences) < DIFFERENCES_MAX:
        state = pick.getstate()
        try:
            ask(facts, server, asker, pick, files)
            answered += 1
        except compare.Refused:
            refused += 1
        except compare.Difference as difference:
            differences.append((what(facts, asker, state), str(difference)))
    seconds = time.monotonic() - began
    print(f"{answered} answers are the model's, {len(differences)} are not, {refused} questions were too large; "
          f"{seconds:.1f} s, of which reading {read:.1f} s")
    for question, difference in differences:
        print(f"- {question}\n  {difference}")
    return 1 if differences or refused > arguments.questions // 10 else 0


def what(facts, asker, state):
    """The question that was asked from a state of the random numbers."""
    pick = random.Random()
    pick.setstate(state)
    again = Asker.__new__(Asker)
    again.__dict__.update(asker.__dict__, random=pick)
    kind = pick.random()
    if kind < 0.58:
        return "/v1/exports?" + again.table().query()
    return "a report" if kind < 0.72 else "a simulation: " + json.dumps(again.simulation())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    earlier = commands.add_parser("earlier")
    earlier.add_argument("--data", type=pathlib.Path, required=True)
    earlier.add_argument("--into", type=pathlib.Path, required=True)
    comparing = commands.add_parser("compare")
    comparing.add_argument("--data", type=pathlib.Path, required=True)
    comparing.add_argument("--made", type=pathlib.Path, required=True)
    comparing.add_argument("--server", required=True)
    comparing.add_argument("--token", required=True)
    comparing.add_argument("--seed", type=int, default=12)
    comparing.add_argument("--questions", type=int, default=200)
    arguments = parser.parse_args()
    if arguments.command == "compare":
        sys.exit(run(arguments))
    earlier_years(arguments.data, arguments.into)
    for path, mode in loads(arguments.data, arguments.into):
        print(mode, path)


if __name__ == "__main__":
    main()
