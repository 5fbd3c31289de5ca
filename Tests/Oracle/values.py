"""Cells as values: dates, amounts, identity numbers, names."""
import re
from datetime import date

from tables import WHITE, WHITE_TEXT, NumberText

FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
FOLD[0xFFE5] = 0xA5
DOTS = set("·•・･．‧.")
SPACE = "[" + re.escape(WHITE_TEXT) + "]*"
AMOUNT = re.compile(f"¥?{SPACE}([0-9]{{1,13}}|[0-9]{{1,3}}(?:,[0-9]{{3}})+)(?:\\.([0-9]{{1,2}}))?{SPACE}元?")


class Bad(Exception):
    def __init__(self, code):
        self.code = code


def trim(text):
    return text.strip(WHITE_TEXT)


def fold(text):
    return text.translate(FOLD)


def real_date(y, m, d):
    try:
        return date(y, m, d)
    except ValueError:
        raise Bad("bad_date") from None


def parse_date(text):
    t = fold(text)
    m = (re.fullmatch(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", t))
    if m:
        return real_date(int(m[1]), int(m[3]), int(m[4]))
    m = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", t) or \
        re.fullmatch(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日", t)
    if not m:
        raise Bad("bad_date")
    return real_date(int(m[1]), int(m[2]), int(m[3]))


def parse_money(text):
    m = AMOUNT.fullmatch(fold(text))
    if not m:
        raise Bad("bad_amount")
    digits = m[1].replace(",", "")
    # The page sets no limit for groups; fifteen digits are what a decimal(17, 2) of the SQL engines holds.
    if len(digits) > 15:
        raise Bad("bad_amount")
    return int(digits) * 100 + int((m[2] or "").ljust(2, "0"))


def parse_area(text):
    m = re.fullmatch(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?", fold(text))
    if not m:
        raise Bad("bad_number")
    return int(m[1]) * 100 + int((m[2] or "").ljust(2, "0"))


def parse_level(text):
    t = fold(text)
    if t in ("1", "2", "3", "4"):
        return int(t)
    if t in ("一级", "二级", "三级", "四级"):
        return "一二三四".index(t[0]) + 1
    raise Bad("bad_level")


def check_character(body):
    return "10X98765432"[sum(int(c) * 2 ** (17 - i) for i, c in enumerate(body)) % 11]


def parse_id(text):
    """18 characters."""
    if isinstance(text, NumberText) and sum(c.isdigit() for c in text) >= 16:
        raise Bad("bad_id")
    t = fold(trim(text)).replace("x", "X")
    if re.fullmatch("[0-9]{15}", t):
        body = t[:6] + "19" + t[6:]
        t = body + check_character(body)
    if not re.fullmatch("[0-9]{17}[0-9X]", t):
        raise Bad("bad_id")
    try:
        date(int(t[6:10]), int(t[10:12]), int(t[12:14]))
    except ValueError:
        raise Bad("bad_id") from None
    if check_character(t[:17]) != t[17]:
        raise Bad("bad_id")
    return t


def compared_name(text):
    return "".join(c for c in fold(text) if c not in WHITE and c not in DOTS)


PARSERS = {"id_number": parse_id, "text": str, "name": str, "date": parse_date, "money": parse_money,
           "area": parse_area, "level": parse_level}


def days_in_month(y, m):
    return (date(y + (m == 12), m % 12 + 1, 1) - date(y, m, 1)).days if (y, m) != (9999, 12) else 31


def add_months(d, n):
    """Year, month and day as a tuple, the day clipped; compares with tuples of dates even outside of years 1–9999."""
    k = d.year * 12 + d.month - 1 + n
    y, m = k // 12, k % 12 + 1
    if 1 <= y <= 9999:
        return (y, m, min(d.day, days_in_month(y, m)))
    return (y, m, d.day)


def as_tuple(d):
    return (d.year, d.month, d.day)


def full_years(born, on):
    return max(0, on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


def full_months(start, on):
    """The largest N with start + N months (clipped) at or before `on`; 0 where start is later."""
    n = max(0, (on.year - start.year) * 12 + on.month - start.month)
    while n > 0 and add_months(start, n) > as_tuple(on):
        n -= 1
    return n
