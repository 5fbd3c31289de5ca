#!/usr/bin/env python3
"""Makes the tables of services/training/Resources/occupations that are not kept by hand.

    deploy/data/make-occupations.py --classification csco22.csv --characters services/guide/Resources/search \
        --out services/training/Resources/occupations [--titles testcases.csv]

--classification: the national occupation classification of 2022 as rows (level, code, name, definition, tasks, alias).
--titles: job advertisements' titles with their codes (job_name, expected_code), of which only the half that
Tests/Benchmarks/trades may look at is counted, and only what stands in at least two titles.

Writes occupations.tsv, characters.tsv (readings and other forms of the characters in names and titles) and, with
--titles, counts.tsv. titles.tsv and fillers.txt are kept by hand.
"""

import argparse
import collections
import csv
import hashlib
import pathlib
import re

# A row of the source that is a group, printed there as an occupation.
NOT_TRADES = {"6-20-03-00"}


def may_look(title: str) -> bool:
    """The half of the titles that search may be tuned to: by the hash of their Chinese characters."""
    bare = re.sub(r"[（(【\[].*?[）)】\]]", "", title)
    han = "".join(c for c in bare if "\u4e00" <= c <= "\u9fff") or bare.lower()
    return hashlib.sha256(han.encode()).digest()[0] % 2 == 0


def classification(path: pathlib.Path):
    """Rows (code, level, marks, name, definition, aliases), each code and level once, groups before their members."""
    seen = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            level = int(row["level"])
            if row["code"] in NOT_TRADES:
                level = 3
            name, marks = re.fullmatch(r"(.*?)((?:L|S|L/S)?)", row["name"].strip()).groups()
            aliases = [a.strip() for a in row["alias"].split(",")]
            aliases = [a for a in aliases if a and a not in (row["name"], name)]
            definition = re.sub(r"\s+", "", row["definition"])
            seen.setdefault((row["code"], level), (row["code"], level, marks, name, definition, aliases))
    # A group whose code is also a trade's says nothing that the trade does not say.
    trades = {code for code, level in seen if level == 4}
    return [r for key, r in sorted(seen.items()) if key[1] == 4 or key[0] not in trades]


class Titles:
    """Advertisements' titles cut as services/training/Trades/TitleText.swift cuts queries."""

    MARKERS = ["招聘", "诚招", "急招", "直招", "直聘", "诚聘", "急聘"]
    ENDINGS = ("专员", "员", "师", "主管", "经理", "助理", "顾问", "总监", "实习", "岗", "负责", "老师", "主任")

    def __init__(self, fillers: pathlib.Path):
        words = [w for w in fillers.read_text(encoding="utf-8").split("\n") if w and not w.startswith("#")]
        self.fillers = re.compile("|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w)))))

    def terms(self, title: str) -> set[str]:
        text = title.lower()
        bare = re.sub(r"[（(【\[［〔].*?([）)】\]］〕]|$)", " ", text)
        if re.search("[\u4e00-\u9fffa-z]", bare):
            text = bare
        for place in sorted((m.end() for k in self.MARKERS for m in re.finditer(k, text)), reverse=True):
            rest = text[place:]
            if len(re.findall("[\u4e00-\u9fff]", rest)) >= 2 and not rest.startswith(self.ENDINGS):
                text = rest
                break
        text = self.fillers.sub(" ", text)
        terms = set()
        for run in re.findall(r"[\u4e00-\u9fff]+|[a-z][a-z0-9+#]*", text):
            if run[0] < "\u4e00":
                terms.add(run)
                continue
            run = run.rstrip("的") or run
            for size in (1, 2, 3):
                terms |= {run[i : i + size] for i in range(len(run) - size + 1)}
            terms |= {run[-1:] + "$", run[-2:] + "$"}
        return terms


def counts(path: pathlib.Path, trades: set[str], titles: Titles):
    found = collections.defaultdict(collections.Counter)
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["expected_code"] in trades and may_look(row["job_name"]):
                for term in titles.terms(row["job_name"]):
                    found[term][row["expected_code"]] += 1
    return {term: codes for term, codes in found.items() if sum(codes.values()) >= 2}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classification", type=pathlib.Path, required=True)
    parser.add_argument("--characters", type=pathlib.Path, required=True, help="folder with pinyin.tsv and folding.tsv")
    parser.add_argument("--titles", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()

    rows = classification(arguments.classification)
    with open(arguments.out / "occupations.tsv", "w", encoding="utf-8") as out:
        for code, level, marks, name, definition, aliases in rows:
            out.write(f"{code}\t{level}\t{marks}\t{name}\t{definition}\t{'|'.join(aliases)}\n")

    used = {c for row in rows for c in row[3] + row[4] + "".join(row[5])}
    used |= set((arguments.out / "titles.tsv").read_text(encoding="utf-8"))
    readings = collections.defaultdict(list)
    for line in (arguments.characters / "pinyin.tsv").read_text(encoding="utf-8").splitlines():
        syllable, *columns = line.split("\t")
        for rank, column in enumerate(columns):
            for character in column:
                readings[character].append((rank, syllable))
    forms = collections.defaultdict(str)
    for line in (arguments.characters / "folding.tsv").read_text(encoding="utf-8").splitlines():
        plain, others = line.split("\t")
        forms[plain] += "".join(c for c in others if len(c.encode("utf-16-le")) == 2)
    with open(arguments.out / "characters.tsv", "w", encoding="utf-8") as out:
        for character in sorted(c for c in used if "\u4e00" <= c <= "\u9fff"):
            syllables = " ".join(s for _, s in sorted(readings[character]))
            out.write(f"{character}\t{syllables}\t{forms[character]}\n")

    if arguments.titles:
        trades = {row[0] for row in rows if row[1] == 4}
        found = counts(arguments.titles, trades, Titles(arguments.out / "fillers.txt"))
        with open(arguments.out / "counts.tsv", "w", encoding="utf-8") as out:
            for term, codes in sorted(found.items()):
                numbers = " ".join(f"{c}:{n}" for c, n in sorted(codes.items(), key=lambda x: (-x[1], x[0]))[:15])
                out.write(f"{term}\t{sum(codes.values())}\t{numbers}\n")


if __name__ == "__main__":
    main()
