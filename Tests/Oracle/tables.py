"""Files as rows: encodings, CSV and XLSX, as monitoring.md has them."""
import ctypes
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

WHITE = {chr(c) for c in [*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F,
                          0x205F, 0x3000]}
WHITE_TEXT = "".join(WHITE)
libc = ctypes.CDLL(None, use_errno=True)
libc.iconv_open.restype = ctypes.c_void_p
libc.iconv.restype = ctypes.c_size_t
libc.iconv.argtypes = [ctypes.c_void_p] + [ctypes.c_void_p] * 4
libc.iconv_close.argtypes = [ctypes.c_void_p]


class Refused(Exception):
    def __init__(self, reason, field=""):
        self.reason, self.field = reason, field


def is_white(text):
    return all(c in WHITE for c in text)


def gb18030(data):
    """The bytes as glibc's iconv reads them (Python's own codec differs in places), or None."""
    handle = libc.iconv_open(b"UTF-32LE", b"GB18030")
    source = ctypes.create_string_buffer(data, len(data))
    target = ctypes.create_string_buffer(4 * len(data) + 16)
    a, n = ctypes.c_void_p(ctypes.addressof(source)), ctypes.c_size_t(len(data))
    b, m = ctypes.c_void_p(ctypes.addressof(target)), ctypes.c_size_t(len(target))
    result = libc.iconv(handle, ctypes.byref(a), ctypes.byref(n), ctypes.byref(b), ctypes.byref(m))
    if result != ctypes.c_size_t(-1).value:
        result = libc.iconv(handle, None, None, ctypes.byref(b), ctypes.byref(m))
    libc.iconv_close(handle)
    if result == ctypes.c_size_t(-1).value or n.value:
        return None
    return target.raw[:len(target) - m.value].decode("utf-32-le", "surrogatepass")


def decode(data):
    try:
        text = data.decode("utf-8")
        return text[1:] if text.startswith("\ufeff") else text
    except UnicodeDecodeError:
        text = gb18030(data)
        if text is None:
            raise Refused("encoding") from None
        return text


def csv_records(text):
    """(line, cells) for each record that is not blank; cells is None where the record broke."""
    pos, line, n = 0, 1, len(text)

    def after_line(p):
        k = text.find("\n", p)
        return n if k < 0 else k + 1

    while pos < n:
        end = text.find("\n", pos)
        if is_white(text[pos:n if end < 0 else end]):
            pos, line = after_line(pos), line + 1
            continue
        first, cells, p, broken = line, [], pos, False
        while True:
            if p < n and text[p] == '"':
                i = p + 1
                while True:
                    j = text.find('"', i)
                    if j < 0 or text[j + 1:j + 2] != '"':
                        break
                    i = j + 2
                if j < 0:                       # never closed: broke on the line of the opening quote
                    broken = True
                    break
                cells.append(text[p + 1:j].replace('""', '"'))
                line += text.count("\n", p, j)
                p = j + 1
                if p == n or text[p] == "\n" or text[p:p + 2] == "\r\n":
                    break
                if text[p] != ",":
                    broken = True
                    break
                p += 1
            else:
                comma, feed = text.find(",", p), text.find("\n", p)
                stop = n if feed < 0 else feed
                if 0 <= comma < stop:
                    cells.append(text[p:comma])
                    p = comma + 1
                    continue
                cell = text[p:stop]
                cells.append(cell[:-1] if feed >= 0 and cell.endswith("\r") else cell)
                p = stop
                break
        yield first, (None if broken else cells)
        pos, line = after_line(p), line + 1


# XLSX ----------------------------------------------------------------------------------------------------------------

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DATE_FORMATS = {*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)}


class NumberText(str):
    """The text of a number cell."""


def is_date_code(code):
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code)
    return bool(re.search("[ydYD]", plain))


def text_of(node):
    return "".join(t.text or "" for t in node.iter(MAIN + "t")) if node is not None else ""


def string_item(item):
    parts = []
    for child in item:
        if child.tag == MAIN + "t":
            parts.append(child.text or "")
        elif child.tag == MAIN + "r":
            parts += [t.text or "" for t in child.findall(MAIN + "t")]
    return "".join(parts)


def column_number(reference):
    n = 0
    for c in reference:
        if c.isalpha():
            n = n * 26 + ord(c.upper()) - 64
    return n - 1


def number_text(value):
    text = format(Decimal(repr(float(value))), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return NumberText("0" if text == "-0" else text)


def xlsx_records(path):
    try:
        with zipfile.ZipFile(path) as z:
            book = ElementTree.fromstring(z.read("xl/workbook.xml"))
            rels = {r.get("Id"): r.get("Target") for r in ElementTree.fromstring(z.read("xl/_rels/workbook.xml.rels"))}
            target = rels[book.find(MAIN + "sheets")[0].get(RELS + "id")]
            sheet = ElementTree.fromstring(z.read(target.lstrip("/") if target.startswith("/") else "xl/" + target))
            names = z.namelist()
            shared = [string_item(s) for s in ElementTree.fromstring(z.read("xl/sharedStrings.xml"))] \
                if "xl/sharedStrings.xml" in names else []
            dates = []
            if "xl/styles.xml" in names:
                styles = ElementTree.fromstring(z.read("xl/styles.xml"))
                codes = {int(f.get("numFmtId")): f.get("formatCode") for f in styles.iter(MAIN + "numFmt")}
                for xf in styles.find(MAIN + "cellXfs"):
                    k = int(xf.get("numFmtId") or 0)
                    dates.append(is_date_code(codes[k]) if k in codes else k in DATE_FORMATS)
            properties = book.find(MAIN + "workbookPr")
            is1904 = properties is not None and properties.get("date1904") in ("1", "true")
    except Exception:
        raise Refused("unreadable") from None
    number = 0
    for row in sheet.iter(MAIN + "row"):
        number = int(row.get("r") or number + 1)
        cells, at = {}, -1
        for c in row.findall(MAIN + "c"):
            at = column_number(c.get("r")) if c.get("r") else at + 1
            kind, v = c.get("t") or "n", c.findtext(MAIN + "v")
            if kind == "inlineStr":
                cells[at] = string_item(c.find(MAIN + "is"))
            elif v is None or v == "":
                continue
            elif kind == "s":
                cells[at] = shared[int(v)]
            elif kind == "b":
                cells[at] = "TRUE" if v == "1" else "FALSE"
            elif kind == "n":
                style = int(c.get("s") or 0)
                if style < len(dates) and dates[style]:
                    cells[at] = date_text(float(v), is1904)
                else:
                    cells[at] = number_text(v)
            else:
                cells[at] = v
        cells = {k: v for k, v in cells.items() if v != ""}
        if cells:
            yield number, [cells.get(k, "") for k in range(max(cells) + 1)]


def date_text(value, is1904):
    days = int(value // 1)
    if is1904:
        return (date(1904, 1, 1) + timedelta(days)).isoformat()
    # The 1900 epoch counts a 29 February 1900 that never was.
    return (date(1899, 12, 31 if days < 60 else 30) + timedelta(days)).isoformat()
