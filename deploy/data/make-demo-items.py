#!/usr/bin/env python3
"""Writes services/guide/Resources/demo/items.jsonl and departments.json from the hand-written lists beside this script.

    make-demo-items.py [--check]

demo-items/Dnn.txt holds one department. Its lines:

    ! variants                 change, renewal and the like are variants of an item here, not items of their own
    = kind template themes audience laws
                               opens a group; laws are title:article, divided by ";", "~" stands for 中华人民共和国
    name*ops | aliases | materials
                               an item; ops are letters of OPERATIONS, aliases are divided by ",", materials by ";"

The output depends on the lists alone: the same lists give the same bytes. `--check` writes nothing and fails when the
files differ from what the lists give or a rule of the catalogue is broken.
"""
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from demo_templates import (  # noqa: E402
    AUDIENCES, CORPORATE, DEPARTMENTS, FEES, HALL, HOURS, KINDS, OFFICES, OPERATIONS, OVERRIDES,
    PERMIT_OVERRIDES, PERSONAL, RELAYED, RESULTS, TEMPLATES,
)

LISTS = Path(__file__).parent / "demo-items"
OUTPUT = Path(__file__).parents[2] / "services/guide/Resources/demo"
ITEM_COUNT = 1438


class Group:
    """The head of a list's group: what its items have in common."""

    def __init__(self, line):
        parts = line[1:].split()
        self.kind = KINDS[parts[0]]
        self.kind_code = self.kind[1]
        self.template = parts[1]
        self.themes = parts[2].split(",")
        self.audience = [AUDIENCES[letter] for letter in parts[3]]
        self.laws = [law_of(text) for text in " ".join(parts[4:]).split(";") if text]


def law_of(text):
    title, _, article = text.partition(":")
    return {"title": "《" + title.replace("~", "中华人民共和国") + "》", "article": article}


def lists():
    """Every department's id and lines, in order."""
    for path in sorted(LISTS.glob("D*.txt")):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        yield path.stem, [line for line in lines if line and not line.startswith("#")]


def items():
    for department, lines in lists():
        own_items = "! variants" not in lines
        group, serial = None, 0
        for line in lines:
            if line.startswith("!"):
                continue
            if line.startswith("="):
                group = Group(line)
                continue
            serial += 1
            yield from entry(line, group, department, serial, own_items)


def entry(line, group, department, serial, own_items):
    """The item of one line, and the items of its operations where they stand alone."""
    fields = [field.strip() for field in line.split("|")] + ["", ""]
    name, _, letters = fields[0].partition("*")
    relayed = name.endswith("受理") and (group.kind_code == "01" or letters or name in RELAYED)
    if relayed:
        name = name.removesuffix("受理")
    aliases = [alias.strip() for alias in fields[1].split(",") if alias.strip()]
    extras = [extra.strip() for extra in fields[2].split(";") if extra.strip()]
    operations = [OPERATIONS[letter] for letter in letters]
    base = Item(name, aliases, extras, group, department, serial, relayed)
    yield base.record(variants=[] if own_items else operations)
    if own_items:
        for number, operation in enumerate(operations, start=1):
            yield base.record(operation=operation, number=number)


class Item:
    def __init__(self, name, aliases, extras, group, department, serial, relayed):
        self.name, self.aliases, self.extras = name, aliases, extras
        self.group, self.department, self.serial, self.relayed = group, department, serial, relayed
        self.template_name, self.kind = self.template_and_kind()
        self.template = TEMPLATES[self.template_name]
        self.audience = ["自然人"] if re.search(PERSONAL, name) else group.audience
        if re.search(CORPORATE, name) and "企业法人" in group.audience:
            self.audience = ["企业法人"]
        if name.startswith("个体工商户"):
            self.audience = ["个体工商户"]

    def template_and_kind(self):
        """The name's own words decide before the group does."""
        for pattern, name, kind in OVERRIDES:
            if re.search(pattern, self.name):
                return name, KINDS[kind] if kind else self.group.kind
        if self.group.kind_code == "01":
            for pattern, name in PERMIT_OVERRIDES:
                if re.search(pattern, self.name):
                    return name, self.group.kind
        if self.group.template in ("咨询", "查询", "证明") and not re.search("咨询|指导|指引|宣", self.name):
            return "服务", self.group.kind
        if self.group.template in TEMPLATES:
            return self.group.template, self.group.kind
        return {
            "01": "许可", "05": "给付", "07": "认定", "08": "奖励", "09": "争议", "10": "备案", "20": "咨询",
        }[self.group.kind_code], self.group.kind

    def record(self, operation=None, number=0, variants=()):
        department = DEPARTMENTS[self.department]
        name = self.name if operation is None else f"{self.name}（{operation['name']}）"
        statutory, promised = self.template["days"] if operation is None else operation["days"]
        base_code = f"15{self.kind[1]}{self.department[1:]}{self.serial:03d}{number:03d}"
        plain = next((alias for alias in self.aliases if len(alias) <= 20), self.name)
        aliases = list(self.aliases)
        if operation is not None:
            plain = plain + operation["plain"]
            aliases = [alias + words for alias in self.aliases[:2] for words in operation["aliases"]][:4]
        channels = self.template["channels"]
        named = [{"id": "new", "name": self.template["first"]}] if variants else []
        named += [{"id": variant["id"], "name": variant["name"]} for variant in variants]
        return {
            "code": organisation(self.department) + "4" + base_code,
            "baseCode": base_code,
            "department": self.department,
            "name": name,
            "plainName": plain[:20],
            "aliases": aliases,
            "kind": self.kind[0],
            "level": "县级",
            "audience": self.audience,
            "themes": self.group.themes,
            "isFrequent": False,
            "isSample": True,
            "summary": self.summary(operation, department, promised),
            "statutoryDays": statutory,
            "promisedDays": promised,
            "visits": 0 if "online" in channels and promised <= 1 else 1,
            "fee": self.fee(operation),
            "places": [self.place()],
            "consultPhone": department["phone"],
            "complaintPhone": "12345",
            "legalBasis": self.group.laws or [law_of(self.template["law"])],
            "results": self.results(operation),
            "channels": channels,
            "variants": named,
            "conditions": self.conditions(operation, variants),
            "materials": self.materials(operation, variants),
            "steps": self.steps(operation, promised),
            "questions": self.questions(operation, promised),
        }

    def summary(self, operation, department, promised):
        who = "、".join(self.audience[:3])
        text = (operation or self.template)["summary"].format(name=self.name, who=who, office=department["short"])
        if self.relayed:
            text += "红山区的窗口收件并核对，由上级部门决定。"
        when = "材料齐全的当场办好。" if promised <= 1 else f"受理后{promised}个工作日内办好。"
        return text + when

    def fee(self, operation):
        for pattern, amount, note in FEES:
            if re.search(pattern, self.name) and (operation is None or operation["id"] == "lost"):
                return {"amount": amount, "note": note}
        return {"amount": "0.00", "note": "不收费"}

    def place(self):
        department = DEPARTMENTS[self.department]
        for pattern, place in OFFICES:
            if re.search(pattern, f"{self.department} {self.group.template} {self.name}"):
                return dict(place, hours=HOURS, phone=department["phone"])
        window = f"{department['window']}（{department['floor']}）"
        return dict(HALL, window=window, hours=HOURS, phone=department["phone"])

    def results(self, operation):
        if operation is not None and operation.get("result"):
            return [operation["result"]]
        for pattern, result in RESULTS:
            if re.search(pattern, self.name):
                return [result or self.template["result"]]
        found = re.match(r"(?:补领|开具|首次申领|异地受理)?(.+?(?:证书|证明|护照|签证|签注|号牌|合格标志|户口簿|卡|证|执照))"
                         r"(?:核发|申领|办理|开具|签发|签领|换发|补发|换领|补领|补办|补换|补证|换证|出具|遗失)*$", self.name)
        return [found.group(1) if found else self.template["result"]]

    def conditions(self, operation, variants):
        if operation is not None:
            return [{"text": text} for text in operation["conditions"]]
        first = {"variants": ["new"]} if variants else {}
        found = [{"text": text, **first} for text in self.template["conditions"]]
        for variant in variants:
            found += [{"text": text, "variants": [variant["id"]]} for text in variant["conditions"]]
        return found

    def materials(self, operation, variants):
        found = [self.form(operation), self.identity(operation)]
        if operation is not None:
            found += [material(*row) for row in operation["materials"]]
            if operation["id"] == "change" and self.extras:
                found.append(material(self.extras[0], 1, 0, "申请人自备", "变更涉及这一项时提供。", required=False))
            return found
        first = {"variants": ["new"]} if variants else {}
        own = [material(*row) for row in self.template["materials"]]
        if self.template_name == "给付" and self.audience[0] != "自然人":
            own = [material("单位银行账户信息", 1, 0, "申请人自备", "户名和营业执照一致。")]
        own += [material(extra, 1, 1, source_of(extra)) for extra in self.extras]
        for paper in own:
            if paper["name"] == "负责人身份证明" and found[1]["name"] == "居民身份证":
                continue
            if all(paper["name"] != other["name"] for other in found):
                found.append(dict(paper, **first))
        for variant in variants:
            found += [dict(material(*row), variants=[variant["id"]]) for row in variant["materials"]]
        if "post" in self.template["channels"]:
            found.append(dict(
                material("邮寄地址和收件人电话", 1, 0, "现场填写", "要寄到家的才填。", required=False), channels=["post"]))
        return found

    def form(self, operation):
        subject = re.sub(r"(申请|申领|核发|办理|审批|申报|受理|开具)$", "", self.name)
        subject += "" if operation is None else operation["name"]
        title = self.template["form"].format(name=subject)
        source = "现场填写" if self.template["days"][1] <= 1 else "网上下载填写"
        return material(title, 1, 0, source, "窗口有空白表和填好的样表。")

    def identity(self, operation):
        first = self.audience[0]
        founding = operation is None and re.search("设立|成立|筹设|新立", self.name) and first != "自然人"
        if founding or (operation is None and self.group.template == "登记"):
            return material("负责人身份证明", 1, 0, "申请人自备", "设立的带全体投资人或举办人的身份证明。")
        if self.template_name == "投诉":
            return material("居民身份证", 1, 0, "申请人自备", "实名提出、要答复的才用。", required=False)
        if first == "自然人" or (self.template_name == "报名" and "自然人" in self.audience):
            return material("居民身份证", 1, 0, "申请人自备", "委托别人办的，再带委托书和代办人身份证。")
        if first in ("企业法人", "个体工商户"):
            return material(
                "营业执照", 0, 0, "数据共享免交", "不用带。系统里查不到时，窗口会请您补一份。",
                waiver="由市场监管部门的登记数据核对。", required=False)
        if first == "社会组织法人":
            return material(
                "社会组织登记证书", 0, 0, "数据共享免交", "不用带。系统里查不到时，窗口会请您补一份。",
                waiver="由民政部门的登记数据核对。", required=False)
        return material("单位介绍信和经办人身份证", 1, 0, "申请人自备", "介绍信盖单位公章。")

    def steps(self, operation, promised):
        rows = self.template["steps"] if promised > 1 else TEMPLATES["即办"]["steps"]
        if operation is not None and promised > 1:
            rows = TEMPLATES["备案"]["steps"]
        found = []
        for name, text, time, *channels in rows:
            step = {"name": name, "text": text, "time": time.format(days=promised)}
            if channels:
                step["channels"] = [channel for channel in channels if channel in self.template["channels"]]
                if not step["channels"]:
                    continue
            found.append(step)
        return found

    def questions(self, operation, promised):
        question, answer = self.template["question"]
        if operation is not None:
            question, answer = operation["question"]
        return [{"question": question, "answer": answer}]


def material(name, originals, copies, source, note="", waiver="", required=True):
    found = {"name": name, "originals": originals, "copies": copies, "source": source, "isRequired": required}
    if note:
        found["note"] = note
    if waiver:
        found["waiver"] = waiver
    return found


def source_of(name):
    """Papers that an office or a hospital issues, against those that the applicant writes."""
    if re.search(r"证书|许可证|行驶证|驾驶证|批复|批准文件|审批表|决定书|登记证|认定书|法律文书|权属", name):
        return "政府部门核发"
    return "申请人自备"


def organisation(department):
    """18 places as in a unified code; the letters O and I, which real codes never hold, mark it as made up."""
    return f"11150402DEMOID{int(department[1:]):04d}"


def frequent_names():
    """The 80 high-frequency items: written by hand elsewhere, never repeated here."""
    return (Path(__file__).parent / "demo-items/frequent-names.txt").read_text(encoding="utf-8").split()


def frequent_items():
    """The hand-written items, as far as their files lie beside the output."""
    for path in sorted(OUTPUT.glob("frequent-*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def faults(records):
    """What the catalogue's rules find wrong; empty when all is well."""
    found = []
    for item in frequent_items():
        found += [f"{key} of a high-frequency item repeated: {item[key]}" for key in ("code", "baseCode", "name")
                  if any(record[key] == item[key] for record in records)]
    for key in ("code", "baseCode", "name"):
        values = [record[key] for record in records]
        found += [f"{key} twice: {value}" for value in sorted({v for v in values if values.count(v) > 1})]
    if len(records) != ITEM_COUNT:
        found.append(f"{len(records)} items, not {ITEM_COUNT}")
    found += [f"high-frequency item repeated: {name}" for name in frequent_names()
              if any(record["name"] == name for record in records)]
    idle = set(DEPARTMENTS) - {record["department"] for record in records}
    found += [f"no item of department {department}" for department in sorted(idle)]
    if sum(1 for record in records if record["aliases"]) < 700:
        found.append("fewer than 700 items with aliases")
    for record in records:
        if len(record["aliases"]) > 4 or record["plainName"] == "" or len(record["code"]) != 31:
            found.append(f"aliases, plain name or code: {record['name']}")
        for key in ("conditions", "materials", "steps", "questions", "legalBasis", "results", "themes"):
            if not record[key]:
                found.append(f"no {key}: {record['name']}")
        ids = {variant["id"] for variant in record["variants"]}
        for part in record["conditions"] + record["materials"] + record["steps"]:
            if not set(part.get("variants", [])) <= ids or not set(part.get("channels", [])) <= set(record["channels"]):
                found.append(f"unknown variant or channel: {record['name']}")
    return found


def main():
    records = list(items())
    found = faults(records)
    if found:
        sys.exit("\n".join(found))
    departments = [
        {"id": key, **{field: value[field] for field in ("name", "short", "phone", "address", "hours")}}
        for key, value in DEPARTMENTS.items()
    ]
    texts = {
        OUTPUT / "items.jsonl": "".join(
            json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records),
        OUTPUT / "departments.json": "[\n" + ",\n".join(
            "  " + json.dumps(department, ensure_ascii=False) for department in departments) + "\n]\n",
    }
    for path, text in texts.items():
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                sys.exit(f"{path.name} is not what the lists give; run make-demo-items.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    own = sum(1 for record in records if record["baseCode"][-3:] != "000")
    print(f"{len(departments)} departments, {len(records)} items, {own} of them changes, renewals and the like")


if __name__ == "__main__":
    main()
