#!/usr/bin/env python3
"""Makes queries from the names of a catalogue: pinyin, initials, typing errors, traditional forms, codes.

    variants.py --items items.jsonl --out variants.jsonl     (needs pypinyin and opencc)

Every seventh item gives one query of each kind; what is changed follows from its place in the file, not from chance.
The expected answer is the item's own name, or any name that holds the whole unchanged query.
"""

import argparse
import collections
import json
import re

import opencc
from pypinyin import lazy_pinyin

SHAPES = [line for line in "己已巳 未末 土士 人入 大太 干千于 日曰 田由甲 午牛 王玉主 休体 今令 清请情 营菅 折拆 住往 代伐 买卖 "
          "卷券 暑署 即既 帐账 推椎 待侍 准淮 坏环 治冶 宜宣 官宫 管菅 籍藉 徒徙 证征 保堡 验检捡 货贷 贫贪 缴激 农衣 店占 低底 因困 "
          "养羊 老考 字学 园圆 药约 防妨 规现 施旅 境镜 采菜 渔鱼 植值 输轮 税悦 资咨 险检 杜社 未朱 土工 民氏 失矢 注住 销消".split()]


def core(name: str) -> str:
    """The name as people type it: without brackets and the office's last word, at most ten characters."""
    plain = re.sub(r"[（(《].*?[)）》]", "", name)
    plain = re.sub(r"[^\u4e00-\u9fff]", "", plain)
    plain = re.sub(r"(核发|审批|办理|申请|申领|登记|备案|服务)$", "", plain)
    return plain[:10]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--items", required=True)
    options.add_argument("--out", required=True)
    chosen = options.parse_args()
    items = [json.loads(line) for line in open(chosen.items, encoding="utf-8")]
    sounds = collections.defaultdict(list)
    for item in items:
        for char in item["name"]:
            sound = lazy_pinyin(char)[0]
            if char not in sounds[sound]:
                sounds[sound].append(char)
    traditional = opencc.OpenCC("s2t")
    with open(chosen.out, "w", encoding="utf-8") as out:

        def write(kind: str, query: str, original: str, item: dict) -> None:
            expected = [item["name"], original] if original else [item["name"]]
            row = {"query": query, "kind": kind, "set": "made", "expected": expected}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")

        for number, item in enumerate(items[::7]):
            word = core(item["name"])
            if len(word) < 4:
                continue
            place = number % (len(word) - 2) + 1
            syllables = lazy_pinyin(word)
            write("pinyin", "".join(syllables), word, item)
            write("initials", "".join(s[0] for s in syllables), word, item)
            write("mixed", word[:2] + "".join(syllables[2:4]), word[:4], item)
            same = [c for c in sounds[syllables[place]] if c != word[place]]
            if same:
                write("homophone", word[:place] + same[number % len(same)] + word[place + 1:], word, item)
            alike = [(at, c) for at, char in enumerate(word) for line in SHAPES if char in line for c in line if c != char]
            if alike:
                at, char = alike[number % len(alike)]
                write("lookalike", word[:at] + char + word[at + 1:], word, item)
            write("missing", word[:place] + word[place + 1:], word, item)
            write("swapped", word[:place] + word[place + 1] + word[place] + word[place + 2:], word, item)
            write("wrong", word[:place] + "鑫" + word[place + 1:], word, item)
            write("traditional", traditional.convert(word), word, item)
            if item["code"]:
                write("code", item["code"], "", item)
                part = item["code"].split("-")[0]
                if len(part) >= 10:
                    # Items of one base code share their first segment, so that a part may stand for several.
                    write("code-part", part[2:], "", item)


if __name__ == "__main__":
    main()
