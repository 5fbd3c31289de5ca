#!/usr/bin/env python3
"""Makes items.jsonl, one line for each item that search knows, from the demo catalogue or from a table of names.

    items.py --demo services/guide/Resources/demo --out items.jsonl
    items.py --table county-items.tsv --out items.jsonl
    … --count 50000      the same items again for made-up towns and streets, in a fixed order
    … --without-aliases  as if no editor had written any other name
"""

import argparse
import csv
import json
import pathlib

TOWNS = "石桥 龙台 花园 白市 大安 井河 官盛 悦来 兴平 苏溪 东岳 彭家 虎城 恒升 观塘 协兴 浓溪 代市".split()
STREETS = "一社区 二社区 三社区 老街 新街 河东 河西 南门 北门 车站 桥头 山前".split()


def text(value) -> str:
    """A value of the catalogue as a text; bilingual ones in Chinese."""
    return str((value.get("zh") if isinstance(value, dict) else value) or "")


def from_demo(folder: pathlib.Path) -> list[dict]:
    departments = {}
    file = folder / "departments.json"
    if file.exists():
        departments = {row["id"]: text(row["name"]) for row in json.loads(file.read_text(encoding="utf-8"))}
    items = []
    for file in sorted(folder.glob("items*.jsonl")) + sorted(folder.glob("frequent-*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            row = json.loads(line)
            keywords = [text(m["name"]) for m in row.get("materials", [])] + row.get("results", []) + row.get("themes", [])
            keywords += [text(v["name"]) for v in row.get("variants", [])]
            # The questions of the sample items are the same for all of a kind.
            asked = [] if row.get("isSample") else [text(q.get("question")) for q in row.get("questions", [])]
            aliases = row.get("aliases", []) + [row["plainName"]] if row.get("plainName") else row.get("aliases", [])
            items.append({
                "code": row["code"], "name": text(row["name"]), "aliases": sorted(set(aliases)),
                "department": departments.get(row["department"], row["department"]), "keywords": keywords,
                "summary": " ".join([text(row.get("summary"))] + asked), "popularity": 1000 if row.get("isFrequent") else 0,
            })
    return items


def from_table(file: pathlib.Path) -> list[dict]:
    with open(file, encoding="utf-8") as rows:
        return [{
            "code": row["item_code"], "name": row["name"], "aliases": [], "department": row["department"],
            "keywords": [row["main_item"]] if row["main_item"] != "未分类" else [], "summary": "", "popularity": 0,
        } for row in csv.DictReader(rows, delimiter="\t")]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--demo", type=pathlib.Path)
    options.add_argument("--table", type=pathlib.Path)
    options.add_argument("--count", type=int, default=0)
    options.add_argument("--without-aliases", action="store_true")
    options.add_argument("--out", type=pathlib.Path, required=True)
    chosen = options.parse_args()
    items = from_demo(chosen.demo) if chosen.demo else from_table(chosen.table)
    if chosen.without_aliases:
        items = [item | {"aliases": []} for item in items]
    base = len(items)
    for number in range(base, chosen.count):
        item = items[number % base]
        place = number // base - 1
        town, street = TOWNS[place % len(TOWNS)], STREETS[place // len(TOWNS) % len(STREETS)]
        items.append(item | {
            "name": f"{item['name']}（{town}镇{street}）", "code": f"{item['code']}-{place:03}",
            "department": f"{town}镇{item['department']}", "popularity": 0,
        })
    with open(chosen.out, "w", encoding="utf-8") as out:
        for number, item in enumerate(items, 1):
            out.write(json.dumps({"id": number} | item, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
