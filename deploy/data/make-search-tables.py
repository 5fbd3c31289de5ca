#!/usr/bin/env python3
"""Makes the character tables of the guide's search: pinyin, folding and look-alikes.

Needs the Debian package unicode-data (the Unicode Character Database with Unihan) and OpenCC of PyPI:

    python3 -m venv venv && venv/bin/pip install opencc
    venv/bin/python deploy/data/make-search-tables.py --unihan /usr/share/unicode --out services/guide/Resources/search

Only the tables named in services/guide/Resources/search/README.md are written; synonyms.json is kept by hand.
"""

import argparse
import bz2
import collections
import pathlib
import unicodedata

import opencc

# Characters that people mistake for each other by shape, beyond those that share a phonetic part.
SHAPES = """
己已巳 未末 土士 人入八 大太犬 干千于 日曰目 田由甲申 天夫无 刀力刁 几九儿 王玉主 午牛 失矢 西酉
白百自 贝见 乌鸟 免兔 休体 今令 活话 清请情晴 辩辨辫 营菅 拨拔 折拆析 住往 代伐 候侯 历厉 买卖 卷券
暑署 未朱 茶荼 微徵 即既 戊戌戍 汩汨 祟崇 粱梁 竞竟 冒昌 亨享 杆秆 弋戈 仑仓 沦沧 抡抢 纶纸 巨臣
毋母 丐丏 陪赔 赂赔 蜜密 幕墓慕暮 帐账 漫慢 椎推 侍待 持特 诗侍 恃持 栗粟 壳亮 侵浸 蓝篮 技枝 准淮
唯惟 壁璧 渡度 镀渡 偏遍 编偏 坏环 怀坏 驰弛 幻幼 叼叨 泠冷 泪洎 治冶 佘余 苗笛 宣宜 官宫 宦官
萧肃 赢羸 蠃赢 管菅 籍藉 徒徙 陡徒 从丛 力办 证征 怔证 正止 业亚 户卢 尸户 许午 可司 消清 销锁
谁准 保堡 报服 验险 检捡 俭检 贷货 贫贪 员贝 房户 摘滴 缴激 结给 休林 农衣 衣依 食良 品晶 店占
站店 残浅 残线 低底 抵低 特恃 困因 固困 国囯 团因 抚扰 孤狐 弧孤 养羊 老考 孝考 学字 教数 校较
入人 园圆 围国 生主 牛生 育盲 医匠 药约 诊珍 疗辽 防妨 卫工 土上 地他 规现 划刘 划戈 建健 筑巩
施旅 旋旅 安案 全金 境镜 水永 冰水 采菜 渔鱼 林材 木本 种钟 植值 牧枚 畜蓄 兽单 动劝 机杌 车东
驾架 船般 运远 输轮 路格 客容 票粟 税悦 说税 银很 贸货 外处 资咨 质盾
""".split()


def toneless(reading: str) -> str:
    """zhèng → zheng, lǜ → lv: as people type it."""
    text = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in text if "a" <= c <= "z")


def unihan(folder: pathlib.Path, file: str, wanted: set[str]):
    """(character, field, value) of the wanted fields."""
    with bz2.open(folder / f"{file}.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            code, field, value = line.rstrip("\n").split("\t", 2)
            if field in wanted:
                yield chr(int(code[2:], 16)), field, value


def readings(folder: pathlib.Path) -> dict[str, list[str]]:
    """Readings of the 8,105 characters of the general standard list, the most usual first."""
    fields = collections.defaultdict(dict)
    for char, field, value in unihan(folder, "Unihan_Readings", {"kTGHZ2013", "kHanyuPinlu", "kMandarin"}):
        fields[char][field] = value
    result = {}
    for char, known in fields.items():
        if "kTGHZ2013" not in known or len(char.encode("utf-16-le")) != 2:
            continue
        order = [part.split("(")[0] for part in known.get("kHanyuPinlu", "").split()]
        order += known.get("kMandarin", "").split()[:1]
        order += [r for part in known["kTGHZ2013"].split() for r in part.split(":")[1].split(",")]
        # At most three: rarer ones would only make strangers alike.
        result[char] = list(dict.fromkeys(toneless(r) for r in order))[:3]
    return result


def write_pinyin(out: pathlib.Path, table: dict[str, list[str]]) -> None:
    ranks = collections.defaultdict(lambda: ["", "", ""])
    for char in sorted(table):
        for rank, syllable in enumerate(table[char]):
            ranks[syllable][rank] += char
    with open(out / "pinyin.tsv", "w", encoding="utf-8") as file:
        for syllable in sorted(ranks):
            file.write("\t".join([syllable, *ranks[syllable]]).rstrip("\t") + "\n")


def write_folding(out: pathlib.Path, known: dict[str, list[str]]) -> None:
    """Traditional and compatibility forms → the simplified form; one pair a character, plain case and width left out."""
    to_simplified = opencc.OpenCC("t2s")
    lines = collections.defaultdict(str)
    for code in range(0x2000, 0xFFFF):
        char = chr(code)
        if 0xD800 <= code < 0xF900 or 0xFF01 <= code <= 0xFF5E or char.isspace():
            continue
        plain = unicodedata.normalize("NFKC", char)
        if len(plain) != 1:
            continue
        plain = to_simplified.convert(plain).lower()
        if plain != char and len(plain) == 1 and (plain in known or plain.isascii() and plain.isalnum()):
            # Characters of the standard list are in use in simplified text (乾, 著, 余) and stay as they are.
            if char not in known:
                lines[plain] += char
    with open(out / "folding.tsv", "w", encoding="utf-8") as file:
        for plain in sorted(lines):
            file.write(f"{plain}\t{lines[plain]}\n")


def write_lookalikes(out: pathlib.Path, folder: pathlib.Path, known: dict[str, list[str]]) -> None:
    """Classes of characters that share a phonetic part or are listed above; a character may be in several."""
    to_simplified = opencc.OpenCC("t2s")
    strokes, classes = {}, collections.defaultdict(set)
    for char, _, value in unihan(folder, "Unihan_IRGSources", {"kTotalStrokes"}):
        strokes[char] = int(value.split()[0])
    for char, _, value in unihan(folder, "Unihan_DictionaryLikeData", {"kPhonetic"}):
        simple = to_simplified.convert(char)
        if simple in known:
            for number in value.split():
                classes[number.rstrip("*x")].add(simple)
    lines = set(SHAPES)
    for members in classes.values():
        members = sorted(members, key=lambda c: (strokes.get(c, 0), c))
        # A phonetic series of many strokes apart is not confused by eye.
        run = []
        for char in members:
            if run and strokes.get(char, 0) - strokes.get(run[0], 0) > 3:
                lines.add("".join(run))
                run = []
            run.append(char)
        lines.add("".join(run))
    with open(out / "lookalikes.txt", "w", encoding="utf-8") as file:
        for line in sorted(line for line in lines if len(set(line)) > 1):
            file.write("".join(dict.fromkeys(line)) + "\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--unihan", type=pathlib.Path, required=True)
    options.add_argument("--out", type=pathlib.Path, required=True)
    chosen = options.parse_args()
    known = readings(chosen.unihan)
    write_pinyin(chosen.out, known)
    write_folding(chosen.out, known)
    write_lookalikes(chosen.out, chosen.unihan, known)


if __name__ == "__main__":
    main()
