#!/usr/bin/env python3
"""Checks the complete items of the guide service's demo catalogue.

Usage: check-items.py FILE…   (JSON Lines, one item a line)
Prints `file:line: reason` for every fault and exits 1 when there is one; exits 2 when a file cannot be read.
Items marked isSample may have fewer conditions, materials, steps, questions and aliases, no notes on materials and
no articles of laws; all other rules hold for them too.
"""
import json
import re
import sys

ITEM_KEYS = (
    "code baseCode department name plainName aliases kind level audience themes isFrequent isSample summary "
    "statutoryDays promisedDays visits fee places consultPhone complaintPhone legalBasis results channels variants "
    "conditions materials steps questions"
).split()
LIMITS = ["variants", "channels"]
NESTED_KEYS = {  # list → keys that must be there, keys that may be there
    "places": (["name", "address", "window", "hours", "phone"], []),
    "legalBasis": (["title", "article"], []),
    "variants": (["id", "name"], []),
    "conditions": (["text"], ["variants", "channels"]),
    "materials": (["name", "originals", "copies", "source", "isRequired"], ["note", "waiver", "variants", "channels"]),
    "steps": (["name", "text", "time"], ["channels", "variants"]),
    "questions": (["question", "answer"], []),
}
KINDS = {"行政许可", "行政确认", "行政给付", "行政奖励", "行政裁决", "其他行政权力", "公共服务"}
LEVELS = {"国家级", "省级", "市级", "县级", "乡级", "村级"}
AUDIENCES = {
    "自然人", "企业法人", "事业法人", "社会组织法人", "非法人企业", "个体工商户", "行政机关", "其他组织",
}
CHANNELS = {"online", "window", "post"}
SHARED = "数据共享免交"
SOURCES = {"申请人自备", "政府部门核发", "网上下载填写", "现场填写", SHARED}
TEXT_LENGTHS = {  # key → fewest and most characters
    "name": (2, 60), "plainName": (2, 20), "summary": (15, 120), "text": (4, 160), "time": (1, 20),
    "note": (0, 100), "waiver": (0, 80), "question": (4, 50), "answer": (2, 160), "title": (4, 80),
    "article": (0, 40), "address": (6, 60), "window": (2, 30), "hours": (5, 60), "phone": (3, 20),
}
NESTED_NUMBERS = {"originals", "copies", "isRequired"}
ITEM_TEXTS = "code baseCode department name plainName kind level summary consultPhone complaintPhone".split()
COUNTS = {"conditions": (2, 6), "materials": (2, 8), "questions": (3, 6)}
STEP_COUNT = (3, 6)
ALIAS_COUNT = (6, 15)
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;?!]|[,;?!][\u4e00-\u9fff]")


class RepeatedKey(ValueError):
    """A JSON object that names one key twice; the parser would keep the last one silently."""


def object_without_repeats(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise RepeatedKey(f"a key is named twice among {', '.join(keys)}")
    return dict(pairs)


def is_count(value):
    return type(value) is int and value >= 0


def is_text_list(value):
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


def text_faults(value, where):
    """Walks every string: no stray spaces, no control characters, no half-width marks inside Chinese."""
    if isinstance(value, str):
        if value != value.strip():
            yield f"{where} begins or ends with a space"
        if any(ord(character) < 32 for character in value):
            yield f"{where} has a control character"
        if found := HALF_WIDTH.search(value):
            yield f"{where} has a half-width mark: {found.group()}"
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from text_faults(one, f"{where}[{index}]")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from text_faults(one, f"{where}.{key}" if where else key)


def length_faults(entry, where):
    for key, value in entry.items():
        if key not in TEXT_LENGTHS:
            continue
        fewest, most = TEXT_LENGTHS[key]
        if not fewest <= len(value) <= most:
            yield f"{where}{key} has {len(value)} characters, not {fewest} to {most}"


def shape_faults(item):
    """What must hold before anything else is looked at: keys, their order, and the types of the lists."""
    if list(item) != ITEM_KEYS:
        missing = [key for key in ITEM_KEYS if key not in item]
        unknown = [key for key in item if key not in ITEM_KEYS]
        yield f"keys: missing {missing}, unknown {unknown}" if missing or unknown else "keys are not in the set order"
        return
    for key, (required, optional) in NESTED_KEYS.items():
        if not isinstance(item[key], list):
            yield f"{key} is not a list"
            continue
        for index, entry in enumerate(item[key]):
            where = f"{key}[{index}]"
            if not isinstance(entry, dict):
                yield f"{where} is not an object"
            elif list(entry) != required + [key for key in optional if key in entry]:
                yield f"{where} has the keys {list(entry)}"
            elif any(
                not isinstance(entry[one], str) for one in entry if one not in NESTED_NUMBERS and one not in LIMITS
            ):
                yield f"{where} has a number or a list where a text belongs"
            elif any(not is_text_list(entry[limit]) or not entry[limit] for limit in LIMITS if limit in entry):
                yield f"{where} is limited to an empty or wrong list of variants or channels"
    for key in ITEM_TEXTS:
        if not isinstance(item[key], str):
            yield f"{key} is not a text"
    for key in ["aliases", "audience", "themes", "results", "channels"]:
        if not is_text_list(item[key]) or not item[key]:
            yield f"{key} is not a list of texts"
        elif len(set(item[key])) != len(item[key]):
            yield f"{key} names one thing twice"
    if not isinstance(item["fee"], dict) or list(item["fee"]) != ["amount", "note"]:
        yield "fee is not an amount and a note"


def element_faults(item):
    if not re.fullmatch(r"[0-9A-Z]{18}[1-6][0-9]{12}", item["code"]):
        yield "code is not 18 characters of the department, one digit of the level, 12 digits of the base code"
    elif item["code"][-12:] != item["baseCode"]:
        yield "code does not end with baseCode"
    if not re.fullmatch(r"D[0-9]{2}", item["department"]):
        yield "department is not D and two digits"
    if item["kind"] not in KINDS:
        yield f"kind {item['kind']} is unknown"
    if item["level"] not in LEVELS:
        yield f"level {item['level']} is unknown"
    for audience in set(item["audience"]) - AUDIENCES:
        yield f"audience {audience} is unknown"
    for key in ["isFrequent", "isSample"]:
        if type(item[key]) is not bool:
            yield f"{key} is not true or false"
    for key in ["statutoryDays", "promisedDays", "visits"]:
        if not is_count(item[key]):
            yield f"{key} is not a whole number"
            return
    if not 1 <= item["promisedDays"] <= item["statutoryDays"]:
        yield "promisedDays is not between 1 and statutoryDays"
    if item["visits"] > 3:
        yield "visits are more than 3"
    amount, note = item["fee"]["amount"], item["fee"]["note"]
    if not isinstance(amount, str) or not re.fullmatch(r"(0|[1-9][0-9]*)\.[0-9]{2}", amount):
        yield f"fee.amount {amount!r} is not yuan with two decimals"
    if not isinstance(note, str) or not 2 <= len(note) <= 80:
        yield "fee.note is not a text of 2 to 80 characters"
    phones = [item["consultPhone"], *(place["phone"] for place in item["places"])]
    for phone in phones:
        if not re.fullmatch(r"0476-555[0-9]{4}", phone):
            yield f"phone {phone} is not one of the invented numbers 0476-555xxxx"
    if not re.fullmatch(r"[0-9-]{3,20}", item["complaintPhone"]):
        yield "complaintPhone is not a number"
    for place in item["places"]:
        if not place["address"].startswith("演示地址："):
            yield "an address is not marked 演示地址："
    for law in item["legalBasis"]:
        if not re.fullmatch(r"《[^《》]+》(（.+）)?", law["title"]):
            yield f"law {law['title']} is not in 《》"
        if not item["isSample"] and not law["article"]:
            yield f"law {law['title']} has no article"
    for key in ["places", "legalBasis"]:
        if not item[key]:
            yield f"{key} is empty"


def text_length_faults(item):
    yield from length_faults({key: item[key] for key in ["name", "plainName", "summary"]}, "")
    for key in NESTED_KEYS:
        for index, entry in enumerate(item[key]):
            yield from length_faults(entry, f"{key}[{index}].")
    for alias in item["aliases"]:
        if not 2 <= len(alias) <= 20:
            yield f"alias {alias} has {len(alias)} characters, not 2 to 20"
    for key in ["themes", "results"]:
        for text in item[key]:
            if len(text) > 40:
                yield f"{key} has a text of {len(text)} characters, not up to 40"
    fewest, most = ALIAS_COUNT
    if not item["isSample"] and not fewest <= len(item["aliases"]) <= most:
        yield f"{len(item['aliases'])} aliases, not {fewest} to {most}"


def overlap(one, other, limit):
    """Whether two entries can apply at once; an entry without the limit applies to all."""
    return limit not in one or limit not in other or not set(one[limit]).isdisjoint(other[limit])


def material_faults(item):
    for index, material in enumerate(item["materials"]):
        where = f"materials[{index}] ({material['name']})"
        if material["source"] not in SOURCES:
            yield f"{where}: source {material['source']} is unknown"
        if not is_count(material["originals"]) or not is_count(material["copies"]):
            yield f"{where}: originals and copies are whole numbers"
            continue
        if not item["isSample"] and not material.get("note"):
            yield f"{where}: no note on how to prepare it"
        if type(material["isRequired"]) is not bool:
            yield f"{where}: isRequired is not true or false"
        is_shared = material["source"] == SHARED
        if is_shared != bool(material.get("waiver")):
            yield f"{where}: a waiver belongs to {SHARED} and to nothing else"
        if is_shared == (material["originals"] + material["copies"] > 0):
            yield f"{where}: {SHARED} has no papers, every other source at least one"
        for earlier in item["materials"][:index]:
            if earlier["name"] == material["name"] and all(overlap(earlier, material, limit) for limit in LIMITS):
                yield f"{where}: is listed twice for one variant and channel"


def limit_faults(item):
    """Variants and channels that are referred to exist; each pair of them has enough to read."""
    variants = [variant["id"] for variant in item["variants"]]
    channels = item["channels"]
    if len(set(variants)) != len(variants):
        yield "a variant's id is used twice"
    if len(variants) == 1:
        yield "one variant alone is none"
    for variant in variants:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", variant):
            yield f"variant id {variant} is not a short lower-case word"
    for channel in set(channels) - CHANNELS:
        yield f"channel {channel} is unknown"
    for key in ["conditions", "materials", "steps"]:
        for index, entry in enumerate(item[key]):
            for variant in set(entry.get("variants", [])) - set(variants):
                yield f"{key}[{index}] refers to the variant {variant}, which the item has not"
            for channel in set(entry.get("channels", [])) - set(channels):
                yield f"{key}[{index}] refers to the channel {channel}, which the item has not"
    if item["isSample"]:
        return
    for key, (fewest, most) in COUNTS.items():
        if not fewest <= len(item[key]) <= most:
            yield f"{len(item[key])} {key}, not {fewest} to {most}"
    for variant in variants or [None]:
        if not any(variant in entry.get("variants", [variant]) for entry in item["materials"]):
            yield f"variant {variant} has no material"
        if not any(variant in entry.get("variants", [variant]) for entry in item["conditions"]):
            yield f"variant {variant} has no condition"
    yield from step_faults(item, variants or [None], channels)


def step_faults(item, variants, channels):
    fewest, most = STEP_COUNT
    for channel in channels:
        for variant in variants:
            steps = sum(
                channel in step.get("channels", [channel]) and variant in step.get("variants", [variant])
                for step in item["steps"]
            )
            if not fewest <= steps <= most:
                whom = f"channel {channel}" + (f", variant {variant}" if variant else "")
                yield f"{steps} steps for {whom}, not {fewest} to {most}"


def faults(item):
    if not isinstance(item, dict):
        return ["is not an object"]
    found = list(shape_faults(item))
    if found:
        return found
    rules = [element_faults, text_length_faults, material_faults, limit_faults]
    return [fault for rule in rules for fault in rule(item)] + list(text_faults(item, ""))


def main(paths):
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    seen, count, bad = {}, 0, 0
    for path in paths:
        try:
            with open(path, "rb") as file:
                lines = file.read().split(b"\n")
        except OSError as error:
            print(f"{path}: {error.strerror}", file=sys.stderr)
            return 2
        report = []
        if lines[-1] == b"":
            lines.pop()
        else:
            report.append((len(lines), "the last line has no end"))
        for number, raw in enumerate(lines, 1):
            count += 1
            try:
                line = raw.decode("utf-8")
                item = json.loads(line, object_pairs_hook=object_without_repeats)
            except (UnicodeDecodeError, ValueError) as error:
                report.append((number, f"is not UTF-8 JSON: {error}"))
                continue
            if line != json.dumps(item, ensure_ascii=False, separators=(",", ":")):
                report.append((number, "is not compact"))
            report += [(number, fault) for fault in faults(item)]
            for key in ["code", "name"] if isinstance(item, dict) else []:
                place = f"{path}:{number}"
                first = seen.setdefault((key, str(item.get(key))), place)
                if first != place:
                    report.append((number, f"{key} {item.get(key)} is used before, at {first}"))
        for number, reason in report:
            print(f"{path}:{number}: {reason}")
        bad += len(report)
    if bad:
        return 1
    print(f"{count} items, no fault")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
