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
    if isinstance(value, dict):
        return text(value.get("zh") or value.get("name") or "")
    return str(value or "")


def texts(value) -> list[str]:
    if isinstance(value, dict) and ("zh" in value or "name" in value):
        return [text(value)]
    return [text(v) for v in value] if isinstance(value, list) else [text(value)] if value else []


def from_demo(folder: pathlib.Path) -> list[dict]:
    items = []
    files = sorted(folder.glob("items*.jsonl")) + sorted(folder.glob("frequent-*.jsonl"))
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            row = json.loads(line)
            keywords = texts(row.get("materials")) + texts(row.get("results")) + texts(row.get("themes"))
            items.append({
                "code": text(row.get("code") or row.get("implementationCode")), "name": text(row.get("name")),
                "aliases": texts(row.get("aliases")), "department": text(row.get("department")),
                "keywords": [k for k in keywords if k], "summary": text(row.get("summary")),
                "popularity": int(row.get("popularity") or (1000 if row.get("isFrequent") else 0)),
            })
    # A complete item stands for its short form.
    by_code = {}
    for item in items:
        by_code[item["code"] or item["name"]] = item
    return list(by_code.values())


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
