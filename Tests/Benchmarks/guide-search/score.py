#!/usr/bin/env python3
"""Compares engines: hit@1 and hit@10 by kind and set.

    score.py --items ITEMS --queries FILE… --hits ours=hits.jsonl bm25s=… [--misses ours]

An expected answer is met by a name that contains all its space-separated parts, or, in a file of queries without
sets (people-queries.jsonl), by that name alone; a query none of whose expected answers is in the catalogue is left out
and counted.
"""

import argparse
import collections
import json


def meets(name: str, query: dict) -> bool:
    if "set" not in query:
        return name in query["expected"]
    return any(all(part in name for part in answer.split(" ")) for answer in query["expected"])


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--items", required=True)
    options.add_argument("--queries", nargs="+", required=True)
    options.add_argument("--hits", nargs="+", required=True)
    options.add_argument("--misses")
    options.add_argument("--sets", nargs="*")
    chosen = options.parse_args()
    names = {json.loads(line)["name"] for line in open(chosen.items, encoding="utf-8")}
    queries = [json.loads(line) for path in chosen.queries for line in open(path, encoding="utf-8")]
    known = {}
    for query in queries:
        key = ("set" in query, *query["expected"])
        if key not in known:
            known[key] = any(meets(name, query) for name in names)
    table = collections.defaultdict(dict)
    absent = collections.Counter()
    for engine, path in (pair.split("=", 1) for pair in chosen.hits):
        hits = [json.loads(line)["names"] for line in open(path, encoding="utf-8")]
        counts = collections.defaultdict(lambda: [0, 0, 0])
        for query, found in zip(queries, hits, strict=True):
            group = (query["kind"], query.get("set", "people"))
            if chosen.sets and group[1] not in chosen.sets:
                continue
            if not known[("set" in query, *query["expected"])]:
                absent[group] += 1
                continue
            rank = next((r for r, name in enumerate(found[:10]) if meets(name, query)), None)
            for key in (group, (query["kind"], "all")):
                counts[key][0] += 1
                counts[key][1] += rank == 0
                counts[key][2] += rank is not None
            if chosen.misses == engine and rank != 0:
                print(f"{group[0]} {group[1]} {'—' if rank is None else rank + 1}: {query['query']}  ⇒  {found[:4]}")
        for group, (count, first, ten) in counts.items():
            table[group][engine] = (count, first / count, ten / count)
    engines = [pair.split("=", 1)[0] for pair in chosen.hits]
    print("| queries | n | " + " | ".join(f"{e} hit@1 | {e} hit@10" for e in engines) + " |")
    print("| --- | --- | " + " | ".join("--- | ---" for _ in engines) + " |")
    for group in sorted(table):
        if group[1] == "all" and len([g for g in table if g[0] == group[0]]) == 2:
            continue
        cells = " | ".join(f"{table[group][e][1]:.3f} | {table[group][e][2]:.3f}" for e in engines)
        print(f"| {group[0]} {group[1]} | {next(iter(table[group].values()))[0]} | {cells} |")
    left_out = sum(absent.values()) // len(engines)
    print(f"\n{left_out} queries left out: nothing in this catalogue answers them.")


if __name__ == "__main__":
    main()
