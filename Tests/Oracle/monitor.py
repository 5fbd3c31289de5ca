#!/usr/bin/env python3
"""The monitoring batch job, plain and slow, by the words of monitoring.md: a second opinion on the engine.

    monitor.py --registry DIR --feeds DIR --rules FILE --as-of DATE --out DIR

Writes alerts.jsonl, rejects.csv, conflicts.csv and report.json (without `seconds` and `peakBytes`)."""
import argparse
import json
import os
import sys
from datetime import date

import yaml

from cel import Fail, RuleError, compile_expression, decimal_text, evaluate
from tables import Refused, csv_records, decode, xlsx_records
from values import (PARSERS, Bad, add_months, as_tuple, compared_name, full_months, full_years, parse_date, parse_id,
                    parse_money, trim)

ID = ("id_number", "id_number", ["证件号码", "身份证号", "公民身份号码", "身份证号码"])
NAME = ("name", "name", ["姓名"])


def fields(text):
    """`settlement_no:text:结算单号 id name …` as (name, type, aliases)."""
    out = []
    for word in text.split():
        if word in ("id", "name"):
            out.append(ID if word == "id" else NAME)
        else:
            name, kind, alias = word.split(":")
            out.append((name, kind, [alias]))
    return out


# kind: (fields, key, date column), the table of the page
KINDS = {
    "medical": (fields("settlement_no:text:结算单号 id name settled_on:date:结算日期 total:money:医疗总费用 "
                       "self_paid:money:个人负担费用 hospital:text:医疗机构 diagnosis:text:诊断"),
                ["settlement_no"], "settled_on"),
    "disability": (fields("certificate_no:text:残疾人证号 id name category:text:残疾类别 level:level:残疾等级 "
                          "issued_on:date:发证日期"), ["certificate_no"], "issued_on"),
    "schooling": (fields("id name school:text:学校 stage:text:学段 enrolled_on:date:入学日期 tuition:money:学年学费"),
                  ["id_number", "school", "enrolled_on"], "enrolled_on"),
    "employment": (fields("id name status:text:就业状态 monthly_wage:money:月工资 changed_on:date:变更日期"),
                   ["id_number", "changed_on"], "changed_on"),
    "deaths": (fields("id name died_on:date:死亡日期"), ["id_number"], "died_on"),
    "vehicles": (fields("plate:text:号牌号码 id name kind:text:车辆类型 registered_on:date:注册日期 price:money:购置价格"),
                 ["plate"], "registered_on"),
    "property": (fields("certificate_no:text:不动产权证号 id name use:text:用途 area:area:建筑面积 "
                        "registered_on:date:登记日期"), ["certificate_no"], "registered_on"),
    "companies": (fields("credit_code:text:统一社会信用代码 id name company:text:企业名称 role:text:角色 "
                         "capital:money:注册资本 registered_on:date:成立日期"), ["credit_code", "id_number"],
                  "registered_on"),
    "accidents": (fields("case_no:text:事故编号 id name occurred_on:date:发生日期 kind:text:事故类型 "
                         "severity:text:严重程度 loss:money:损失金额"), ["case_no", "id_number"], "occurred_on"),
    "relief": (fields("record_no:text:发放编号 id name department:text:部门 program:text:救助项目 amount:money:金额 "
                      "paid_on:date:发放日期"), ["record_no"], "paid_on"),
}
HOUSEHOLD_FIELDS = [(n, "text", []) for n in
                    "household_id division settlement category income_per_capita enrolled_on".split()]
PERSON_FIELDS = [(n, "text", []) for n in
                 "person_id household_id id_number name sex birth_date relation".split()]

# Rules ---------------------------------------------------------------------------------------------------------------

PERSON_TYPES = {"person.age": ("int", True), "person.sex": ("string", True), "person.relation": ("string", True)}
HOUSEHOLD_TYPES = {"household.category": ("string", True), "household.settlement": ("string", True),
                   "household.division": ("string", True), "household.size": ("int", False),
                   "household.incomePerCapita": ("double", True), "household.monthsEnrolled": ("int", False)}
VALUE_TYPES = {"money": "double", "area": "double", "level": "int", "text": "string", "name": "string",
               "id_number": "string", "date": "string"}


class Fact:
    def __init__(self, name, y):
        self.name, self.feed, self.months = name, y.get("feed"), y.get("months")
        self.latest = y.get("latest", False)
        functions = [k for k in ("count", "sum", "max", "min") if k in y]
        if len(functions) != 1 or set(y) - {"feed", "count", "sum", "max", "min", "months", "latest", "where"}:
            raise RuleError("keys of the fact " + name)
        self.function, self.field = functions[0], y[functions[0]]
        self.members = self.function == "count" and self.field == "members"
        types, kinds = dict(PERSON_TYPES), {}
        if self.members:
            if self.feed or self.months or self.latest:
                raise RuleError("members")
        else:
            if self.feed not in KINDS:
                raise RuleError("feed")
            kinds = {n: t for n, t, _ in KINDS[self.feed][0]}
            types.update({n: (VALUE_TYPES[t], False) for n, t in kinds.items()})
        self.where, self.uses = None, set()
        if "where" in y:
            self.where, self.uses = compile_expression(y["where"], types)
        self.kind = None
        if self.function == "count":
            if self.field not in ("rows", "persons", "members"):
                raise RuleError("count")
            self.type = ("int", False)
        else:
            self.kind = kinds.get(self.field)
            if self.kind not in ("money", "area", "level"):
                raise RuleError("field")
            self.uses = self.uses | {self.field}
            self.type = ("int" if self.kind == "level" else "double", self.function != "sum")


class Rules:
    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            y = yaml.safe_load(f)
        self.version = y["version"]
        self.parameters = {n: {str(k): float(v) for k, v in p.items()} for n, p in (y.get("parameters") or {}).items()}
        if any("default" not in p for p in self.parameters.values()):
            raise RuleError("default")
        self.facts = [Fact(n, f) for n, f in (y.get("facts") or {}).items()]
        self.by_name = {f.name: f for f in self.facts}
        self.tiers = y["tiers"]
        types = {**HOUSEHOLD_TYPES, **{"param." + n: ("double", False) for n in self.parameters},
                 **{f.name: f.type for f in self.facts}}
        self.indicators, seen = [], set()
        for i in y["indicators"]:
            person = {"household": False, "person": True}[i["scope"]]
            tree, uses = compile_expression(i["when"], {**types, **PERSON_TYPES} if person else types)
            points = i["points"]
            if i["id"] in seen or type(points) is not int or points < 1 or i["direction"] not in self.tiers:
                raise RuleError("indicator " + i["id"])
            seen.add(i["id"])
            self.indicators.append((i["id"], i["direction"], person, tree, sorted(uses), points))
        self.indicators.sort(key=lambda i: i[0])

    def parameter_values(self, division):
        return {"param." + n: p[max((k for k in p if k != "default" and division.startswith(k)), key=len,
                                    default="default")] for n, p in self.parameters.items()}


# Tables --------------------------------------------------------------------------------------------------------------

class Table:
    """A file's header applied to its rows."""

    def __init__(self, folder, file, wanted, required):
        path = os.path.join(folder, file)
        self.is_workbook = file.lower().endswith(".xlsx")
        if self.is_workbook:
            records = list(xlsx_records(path))
        else:
            with open(path, "rb") as f:
                records = list(csv_records(decode(f.read())))
        header, self.records = (records[0][1], records[1:]) if records else ([], [])
        if not records:
            raise Refused("missing_column")
        if header is None:
            raise Refused("syntax")
        self.width, self.columns = len(header), {}
        names = [trim(h) for h in header]
        for name, _, aliases in wanted:
            at = [i for i, h in enumerate(names) if h == name or h in aliases]
            if len(at) > 1:
                raise Refused("duplicate_column", name)
            if at:
                self.columns[name] = at[0]
        for name, _, _ in wanted:
            if name in required and name not in self.columns:
                raise Refused("missing_column", name)

    def rows(self):
        """(line, reason, cells by field)"""
        for line, cells in self.records:
            if cells is None:
                yield line, "syntax", {}
            elif not self.is_workbook and len(cells) != self.width:
                yield line, "columns", {}
            else:
                yield line, None, {n: cells[i] if i < len(cells) else "" for n, i in self.columns.items()}


def files_of(folder, kinds):
    """(file, kind) by file name; kind None for the others."""
    out = []
    for name in sorted(os.listdir(folder), key=os.fsencode):
        fitting = [k for k in kinds if name.startswith(k)] if name.lower().endswith((".csv", ".xlsx")) else []
        out.append((name, max(fitting, key=len) if fitting else None))
    return out


# Register ------------------------------------------------------------------------------------------------------------

class Household:
    def __init__(self, **values):
        self.__dict__.update(values)
        self.members = []


class Person:
    def __init__(self, **values):
        self.__dict__.update(values)
        self.rows = {}


class Register:
    def __init__(self, folder, as_of):
        self.households, self.persons, self.problems, self.by_id = {}, {}, [], {}
        self.seen = set()
        found = files_of(folder, ["households", "persons"])
        files = {k: [f for f, kind in found if kind == k] for k in ("households", "persons")}
        if not files["households"] or not files["persons"]:
            sys.exit(66)
        for file in files["households"]:
            table = Table(folder, file, HOUSEHOLD_FIELDS, {f[0] for f in HOUSEHOLD_FIELDS})
            for line, reason, cells in table.rows():
                values = {n: trim(v) for n, v in cells.items()}
                self.household(file, line, reason, values)
        for file in files["persons"]:
            table = Table(folder, file, PERSON_FIELDS, {f[0] for f in PERSON_FIELDS})
            for line, reason, cells in table.rows():
                values = {n: trim(v) if n != "id_number" else v for n, v in cells.items()}
                self.person(file, line, reason, values, as_of)
        for h in self.households.values():
            h.env = {"household.category": h.category or None, "household.settlement": h.settlement or None,
                     "household.division": h.division or None, "household.size": len(h.members),
                     "household.incomePerCapita": None if h.income is None else h.income / 100,
                     "household.monthsEnrolled": 0 if h.enrolled is None else full_months(h.enrolled, as_of)}
        for holders in self.by_id.values():
            if len(holders) > 1:
                for p in sorted(holders, key=lambda p: p.id):
                    self.problem(files["persons"][0], 0, "duplicate_id", p.id)

    def problem(self, file, line, reason, subject):
        self.problems.append({"file": file, "line": line, "reason": reason, "subject": subject})

    def value(self, file, line, subject, text, parse):
        if trim(text) == "":
            return None
        try:
            return parse(text)
        except Bad as bad:
            self.problem(file, line, bad.code, subject)
            return None

    def household(self, file, line, reason, v):
        if reason:
            return self.problem(file, line, reason, "")
        key = v["household_id"]
        if not key:
            return self.problem(file, line, "missing", "")
        if key in self.households:
            return self.problem(file, line, "duplicate", key)
        self.households[key] = Household(
            id=key, division=v["division"], settlement=v["settlement"], category=v["category"],
            income=self.value(file, line, key, v["income_per_capita"], parse_money),
            enrolled=self.value(file, line, key, v["enrolled_on"], parse_date))

    def person(self, file, line, reason, v, as_of):
        if reason:
            return self.problem(file, line, reason, "")
        key = v["person_id"]
        if not key:
            return self.problem(file, line, "missing", "")
        if key in self.seen:
            return self.problem(file, line, "duplicate", key)
        self.seen.add(key)
        if v["household_id"] not in self.households:
            return self.problem(file, line, "unknown_household", key)
        if trim(v["id_number"]) == "":
            self.problem(file, line, "missing", key)
        number = self.value(file, line, key, v["id_number"], parse_id)
        born = self.value(file, line, key, v["birth_date"], parse_date)
        if born is None and number:
            born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        household = self.households[v["household_id"]]
        p = Person(id=key, number=number, name=v["name"], household=household)
        p.env = {"person.age": None if born is None else full_years(born, as_of), "person.sex": v["sex"] or None,
                 "person.relation": v["relation"] or None}
        self.persons[key] = p
        household.members.append(p)
        if number:
            self.by_id.setdefault(number, []).append(p)


# Feeds ---------------------------------------------------------------------------------------------------------------

OUTCOMES = ["rows", "rejected", "unmatched", "conflict", "duplicate", "matched"]


class Row:
    def __init__(self, counts, person, values, date_value, is_dated):
        self.counts, self.person, self.values, self.date, self.is_dated = counts, person, values, date_value, is_dated


class Feeds:
    def __init__(self, folder, rules, register):
        self.counts, self.refused, self.ignored, self.rejects, self.conflicts = [], [], [], [], []
        self.rules, self.register = rules, register
        self.rows = {k: {} for k in KINDS}          # by kind, key: the last row
        self.order = {k: [] for k in KINDS}
        for file, kind in files_of(folder, KINDS):
            if kind is None:
                self.ignored.append(file)
                continue
            try:
                self.read(folder, file, kind)
            except Refused as r:
                self.refused.append({"file": file, "reason": r.reason, "field": r.field})
        for kind, rows in self.order.items():
            for row in rows:
                if row.used:
                    row.counts["matched"] += 1
                    row.person.rows.setdefault(kind, []).append(row)
                else:
                    row.counts["duplicate"] += 1

    def read(self, folder, file, kind):
        wanted, key, date_field = KINDS[kind]
        facts = [f for f in self.rules.facts if f.feed == kind]
        needed = {"id_number", *key}.union(*[f.uses for f in facts])
        columns = needed | ({date_field} if any(f.months or f.latest for f in facts) else set())
        table = Table(folder, file, wanted, columns)
        counts = {"file": file, "feed": kind, **{o: 0 for o in OUTCOMES}}
        self.counts.append(counts)
        is_dated = date_field in table.columns
        checked = [w for w in wanted if w[0] in needed or (facts and is_dated and w[0] == date_field)]
        checked.sort(key=lambda w: w[0] != "id_number")
        for line, reason, cells in table.rows():
            counts["rows"] += 1
            field, values = "", {}
            if reason is None:
                for field, kind_of_value, _ in checked:
                    text = cells[field]
                    if trim(text) == "":
                        if field in needed:
                            reason = "missing"
                            break
                        values[field] = None
                        continue
                    try:
                        values[field] = PARSERS[kind_of_value](text if field == "id_number" else trim(text))
                    except Bad as bad:
                        reason = bad.code
                        break
            if reason:
                counts["rejected"] += 1
                self.rejects.append([file, str(line), reason, "" if reason in ("syntax", "columns") else field])
                continue
            holders = self.register.by_id.get(values["id_number"], [])
            if not holders:
                counts["unmatched"] += 1
                continue
            name = trim(cells.get("name", ""))
            if len(holders) > 1:
                counts["conflict"] += 1
                self.conflicts.append([file, str(line), kind, "duplicate_id", values["id_number"], name, "",
                                       " ".join(sorted(p.id for p in holders)),
                                       " ".join(sorted({p.household.id for p in holders}))])
                continue
            person = holders[0]
            if name and person.name and compared_name(name) != compared_name(person.name):
                counts["conflict"] += 1
                self.conflicts.append([file, str(line), kind, "name", values["id_number"], name, person.name, person.id,
                                       person.household.id])
                continue
            row = Row(counts, person, values, values.get(date_field), is_dated)
            row.used = True
            identity = tuple(values[k] for k in key)
            if identity in self.rows[kind]:
                self.rows[kind][identity].used = False
            self.rows[kind][identity] = row
            self.order[kind].append(row)


# Evaluation ----------------------------------------------------------------------------------------------------------

class Failures:
    def __init__(self):
        self.found = {}

    def add(self, what, name, subject):
        entry = self.found.setdefault((what, name), [0, []])
        entry[0] += 1
        if len(entry[1]) < 100:
            entry[1].append(subject)


def holds(tree, env):
    """True, False or None for a failure."""
    try:
        v = evaluate(tree, env)
    except Fail:
        return None
    return v


def kept_rows(fact, person, as_of, failures):
    rows = person.rows.get(fact.feed, [])
    if fact.latest:
        rows = [r for r in rows if r.date is not None and r.date <= as_of]
        if rows:
            last = max(r.date for r in rows)
            rows = [[r for r in rows if r.date == last][-1]]
    out = []
    for r in rows:
        if r.is_dated:
            if r.date is None or r.date > as_of:
                continue
            if fact.months and as_tuple(r.date) <= add_months(as_of, -fact.months):
                continue
        if fact.where:
            env = {n: v / 100 if t in ("money", "area") and v is not None else v.isoformat() if t == "date" and v else v
                   for n, t, _ in KINDS[fact.feed][0] for v in [r.values.get(n)]}
            held = holds(fact.where, {**env, **person.env})
            if held is None:
                failures.add("fact", fact.name, person.id)
            if not held:
                continue
        out.append(r)
    return out


def amount(fact, v):
    return v / 100 if fact.kind in ("money", "area") and v is not None else v


def fact_value(fact, parts):
    """`parts`: for each person the kept rows (or for members whether the person counts)."""
    if fact.members:
        return sum(1 for p in parts if p)
    rows = [r for p in parts for r in p]
    if fact.field == "persons" and fact.function == "count":
        return sum(1 for p in parts if p)
    if fact.function == "count":
        return len(rows)
    values = [r.values[fact.field] for r in rows]
    if fact.function == "sum":
        return amount(fact, sum(values))
    return amount(fact, (max if fact.function == "max" else min)(values, default=None))


def quoted(text):
    """The page names the escapes; their short forms are JSON's own."""
    return json.dumps(text, ensure_ascii=False)


def json_value(v):
    return "null" if v is None else decimal_text(v) if isinstance(v, float) else str(v)


def run(rules, register, as_of):
    failures, lines, totals = Failures(), [], {}
    for household in sorted(register.households.values(), key=lambda h: h.id):
        per_person = {f.name: [] for f in rules.facts}
        for p in household.members:
            for f in rules.facts:
                if f.members:
                    held = holds(f.where, p.env) if f.where else True
                    if held is None:
                        failures.add("fact", f.name, p.id)
                    per_person[f.name].append(bool(held))
                else:
                    per_person[f.name].append(kept_rows(f, p, as_of, failures))
        shared = {**household.env, **rules.parameter_values(household.division)}
        household_facts = {n: fact_value(rules.by_name[n], parts) for n, parts in per_person.items()}
        person_facts = [{n: fact_value(rules.by_name[n], [parts[i]]) for n, parts in per_person.items()}
                        for i in range(len(household.members))]
        signals = {}
        for id_, direction, is_person, tree, uses, points in rules.indicators:
            subjects = [(p.id, {**shared, **p.env, **person_facts[i]}, person_facts[i])
                        for i, p in enumerate(household.members)] if is_person \
                else [(household.id, {**shared, **household_facts}, household_facts)]
            for subject, env, facts in subjects:
                held = holds(tree, env)
                if held is None:
                    failures.add("indicator", id_, subject)
                if held:
                    shown = ",".join(quoted(n) + ":" + json_value(facts[n]) for n in uses)
                    signals.setdefault(direction, []).append((id_, subject, points, shown))
        for direction in sorted(signals):
            found = sorted(signals[direction])
            points = min(100, sum(s[2] for s in found))
            reached = [t for t in ("red", "orange", "yellow")
                       if t in rules.tiers[direction] and points >= rules.tiers[direction][t]]
            if not reached:
                continue
            totals.setdefault(direction, {}).setdefault(reached[0], 0)
            totals[direction][reached[0]] += 1
            lines.append('{"household":%s,"direction":"%s","tier":"%s","points":%d,"signals":[%s]}' % (
                quoted(household.id), direction, reached[0], points, ",".join(
                    '{"indicator":%s,"subject":%s,"points":%d,"facts":{%s}}' % (quoted(i), quoted(s), n, shown)
                    for i, s, n, shown in found)))
    return lines, totals, failures


def csv_line(cells):
    return ",".join('"' + c.replace('"', '""') + '"' if set(c) & set(',"\r\n') else c for c in cells)


def main():
    a = argparse.ArgumentParser()
    for option in ("registry", "feeds", "rules", "as-of", "out"):
        a.add_argument("--" + option, required=True)
    o = a.parse_args()
    as_of = date.fromisoformat(o.as_of)
    try:
        rules = Rules(o.rules)
        register = Register(o.registry, as_of)
    except (RuleError, Refused, KeyError, yaml.YAMLError) as e:
        print("refused:", type(e).__name__, e, getattr(e, "reason", ""), getattr(e, "field", ""), file=sys.stderr)
        sys.exit(65)
    feeds = Feeds(o.feeds, rules, register)
    lines, totals, failures = run(rules, register, as_of)
    by_kind = {}
    for c in feeds.counts:
        sums = by_kind.setdefault(c["feed"], {x: 0 for x in OUTCOMES})
        for x in OUTCOMES:
            sums[x] += c[x]
    order = [("fact", f.name) for f in rules.facts] + [("indicator", i[0]) for i in rules.indicators]
    report = {
        "rules": rules.version, "asOf": o.as_of, "files": feeds.counts, "feeds": by_kind, "refused": feeds.refused,
        "ignored": feeds.ignored,
        "registry": {"households": len(register.households), "persons": len(register.persons)},
        "registry_problems": register.problems, "alerts": totals,
        "failures": [{k[0]: k[1], "count": failures.found[k][0], "subjects": failures.found[k][1]}
                     for k in order if k in failures.found]}
    os.makedirs(o.out, exist_ok=True)

    def write(name, text):
        with open(os.path.join(o.out, name), "wb") as f:
            f.write(text.encode("utf-8", "surrogatepass"))

    write("alerts.jsonl", "".join(l + "\n" for l in lines))
    write("rejects.csv", "".join(csv_line(r) + "\n" for r in [["file", "line", "reason", "field"], *feeds.rejects]))
    head = "file line feed reason id_number name registered_name person_id household_id".split()
    write("conflicts.csv", "".join(csv_line(r) + "\n" for r in [head, *feeds.conflicts]))
    write("report.json", json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
