"""Random dirty inputs: a register, extracts and a rules file that meet every sentence of monitoring.md."""
import os
import random
import re
import zipfile
from datetime import date, timedelta
from xml.sax.saxutils import escape

from monitor import KINDS
from values import check_character

AS_OFS = ["2026-06-30", "2024-02-29", "2025-02-28", "2026-03-31", "2026-01-01", "2024-03-01", "2025-12-31", "2026-05-15"]
SPACES = [" ", "\t", "\u00a0", "\u3000", "\u2003", "\v", "\x85", "\u2028"]
NAMES = ["巴特尔·特木尔", "萨如拉", "王伟", "李小明", "欧阳娜娜", "Bat Er", "乌兰図雅", "𠮷田", "A.B", "é", "e\u0301", "㐂某", "达来"]
DOTS = ["·", "•", "・", "･", "．", "‧", ".", " ", "", "\u3000", "\u200b", "-"]
TEXTS = ["失业", "在业", "退休", "重大", "一般", "法定代表人", "住宅", "本科", "智力", "a", "A", "ａ", "", "x,y", 'q"q', "两\n行", "é", "e\u0301",
         "𠮷", "\u200b", "甲 乙", "\\", "tab\tin", "\x01", "a\r", "'", "“"]
CATEGORIES = ["dibao", "tekun", "dibao_edge", "rigid_expense", "factual_hardship", "monitored", "", "other"]
DIVISIONS = ["150102001222", "150102003", "150102", "152201003004", "152201", "1503", "", "150302002215", "15"]


class Source:
    def __init__(self, seed):
        self.r = random.Random(seed)
        r = self.r
        self.as_of = date.fromisoformat(r.choice(AS_OFS))
        self.tame = r.random() < 0.3          # few faults, so that much matches
        self.ascii_only = False
        self.people = []

    def chance(self, p):
        return self.r.random() < (p / 8 if self.tame else p)

    # values

    def id_number(self):
        r = self.r
        born = date(r.choice([1930, 1950, 1984, 2000, 2008, 2012, 2020, 2026, 1996]), 1, 1) + timedelta(r.randrange(366))
        if r.random() < 0.1:
            born = date(r.choice([1952, 2000, 2008, 2024]), 2, 29)
        body = r.choice(["150102", "152201", "110101", "830000", "000000"]) + born.strftime("%Y%m%d") + "%03d" % r.randrange(1000)
        return body + check_character(body)

    def full_width(self, text):
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and self.r.random() < 0.6 else c for c in text)

    def padded(self, text):
        r = self.r
        if self.chance(0.1):
            text = r.choice(SPACES) * r.randrange(1, 3) + text
        if self.chance(0.1):
            text += r.choice(SPACES + ["\r"])
        return text

    def id_text(self, number):
        r = self.r
        k = r.randrange(100 if not self.tame else 400)
        if k < 6:
            number = number.lower()
        elif k < 12 and number[6:8] == "19":
            number = number[:6] + number[8:17]
        elif k < 16:
            number = self.full_width(number)
        elif k < 18:
            number = number[:17] + r.choice("0123456789XxＸｘ")
        elif k < 20:
            number = number[:6] + r.choice(["20230229", "19001301", "00000101", "20260931", "00010101"]) + number[14:]
        elif k < 22:
            number = r.choice([number[:10] + " " + number[10:], number + "0", number[:17], "", "无", number[:14], number + "\ufeff",
                               number[:15], "X" * 18, "１５０１", number + "\u200b", "123456789012345", "١٥٠١٠٢١٩٥٠٠١٠١٠٠١"])
        elif k < 23:
            body = number[:6] + r.choice(["20240229", "00010101", "99991231", "20990101"]) + number[14:17]
            number = body + check_character(body)
        return self.padded(number)

    def day(self):
        r = self.r
        base = self.as_of
        k = r.randrange(12)
        if k == 0:
            return base
        if k == 1:
            return base + timedelta(r.choice([1, 2, 30, 400]))
        if k < 8:      # around a window's border
            months = r.choice([1, 2, 3, 6, 12, 24, 48])
            m = base.year * 12 + base.month - 1 - months
            y, m = m // 12, m % 12 + 1
            last = (date(y + (m == 12), m % 12 + 1, 1) - timedelta(1)).day
            return date(y, m, min(base.day, last)) + timedelta(r.randrange(-3, 4))
        return base - timedelta(r.randrange(3000))

    def date_text(self):
        r, d = self.r, self.day()
        if r.random() < 0.03:
            d = r.choice([date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(1000, 1, 1)])
        y, m, t = "%04d" % d.year, d.month, d.day
        forms = [f"{y}-{m:02}-{t:02}", f"{y}/{m}/{t}", f"{y}.{m}.{t:02}", f"{y}{m:02}{t:02}", f"{y}年{m}月{t}日", f"{y}年{m:02}月{t:02}日",
                 f"{y}-{m}-{t}", f"{y}/{m:02}/{t:02}"]
        text = r.choice(forms)
        if self.chance(0.08):
            text = self.full_width(text)
        if self.chance(0.06):
            text = r.choice([f"{y}-{m}/{t}", f"{y}-13-01", f"{y}-02-30", "2023-02-29", "0000-01-01", f"{y}-{m}-{t} 00:00", f"{y}-{m:03}-{t}",
                             y, "", f"{y}{m:02}", f"{y}年{m}月", f"{y}-00-10", f"{y}-{m}-00", f"{y}年{m}月{t}", f"-{y}-{m}-{t}", "20260230",
                             f"{y} {m} {t}", f"{y}-{m}-{t}T", "0001-01-01", "0001.1.1", "1900-02-29", "２０２６年６月３０日", f"{y[2:]}-{m}-{t}",
                             f"{y}--{t}", f"{y}-{m}-", "99999-1-1", f"{y}年{m:02}月 {t}日", "二〇二六年六月", "2026-06-31", "2026-6-0031", "202６0630"])
        return self.padded(text)

    def money_text(self):
        r = self.r
        n = r.choice([0, 1, 99, 100, 50000, 5000001, r.randrange(10**6), r.randrange(10**8), 3000000, r.randrange(10**4) * 100])
        yuan, fen = n // 100, n % 100
        forms = [f"{yuan}.{fen:02}", f"{yuan}.{fen // 10}", f"{yuan}", f"{yuan:,}.{fen:02}", f"¥{yuan}.{fen:02}", f"{yuan}元", f"￥ {yuan:,}元",
                 f"¥ {yuan} 元", f"00{yuan}", f"{yuan}.{fen:02}元"]
        text = r.choice(forms)
        if self.chance(0.08):
            text = self.full_width(text)
        if self.chance(0.06):
            text = r.choice(["-0", "-1.00", "+1", "", "1.234", "1.", ".5", "1,23", "12,34.00", "1,2345", "1234,567", "9999999999999", "10000000000000",
                             "9,999,999,999,999.99", "0000000000001", "00000000000001", "一千", "1.2万元", "1e3", "¥", "元", "¥元", "¥¥1", "1元元",
                             "$1", "1 000", "1.0 0", "¥\u30001\u3000元", "¥\u00a01", "1\t元", "0,001", "1,000,", ",100", "1,,000", "１２３．４５", "￥1", "NaN",
                             "inf", "0x10", "1.2.3", "1。5", "1，000", "−1", "000,000,000,000,000", "1\u200b", "元1", "1¥", "0.0", "9999999999999.99"])
        return self.padded(text)

    def area_text(self):
        r = self.r
        n = r.randrange(30000)
        text = r.choice([f"{n / 100:.2f}", f"{n // 100}", f"{n / 100:.1f}"])
        if self.chance(0.1):
            text = r.choice(["", "-1", "+1", "1,000", "95.123", ".5", "5.", "95㎡", "¥5", "９５．５", "0", "00.10", "1e2", "5元", "1 0", "9999999999999"])
        return self.padded(text)

    def level_text(self):
        return self.padded(self.r.choice(["1", "2", "3", "4", "一级", "二级", "三级", "四级"]) if not self.chance(0.12)
                           else self.r.choice(["0", "5", "", "１", "一", "1级", "五级", "01", "一 级", "4.0", "-1", "壹级", "４", "二级 "]))

    def name_text(self, name):
        r = self.r
        k = r.randrange(100 if not self.tame else 300)
        if k < 25:
            for d in "·. ":
                name = name.replace(d, r.choice(DOTS))
        elif k < 30:
            name = name[:1] + r.choice(DOTS) + name[1:]
        elif k < 34:
            name = r.choice(["", "···", "\u3000", ".", "·", "\u200b", "￥", "¥"])
        elif k < 38:
            name = self.full_width(name)
        elif k < 40:
            name = name.lower()
        elif k < 44:
            name = r.choice(NAMES)
        return self.padded(name)

    def plain_text(self):
        r = self.r
        return self.padded(r.choice(TEXTS) if self.chance(0.3) else r.choice(TEXTS[:10]))

    # files

    def csv(self, header, rows, name):
        """Bytes of a CSV file, well formed or not."""
        r = self.r
        end = r.choice(["\n", "\r\n", "\n", None])
        always = r.random() < 0.2
        out = []

        def cell(text, first):
            if always and r.random() < 0.95 or set(text) & set(',"\n') or (text.endswith("\r") and r.random() < 0.7):
                text = '"' + text.replace('"', '""') + '"'
                if self.chance(0.012):
                    text += r.choice(["x", " ", "\r", '"', "\t", "\u3000"])
                if self.chance(0.006):
                    text = text[:-1]
                if self.chance(0.01):
                    text = " " + text
            elif self.chance(0.01):
                text = r.choice(['"' + text, text + '"', text[:1] + '"' + text[1:], '"' + text + "\n\n" + '"', text + "\r", '""', '"""', '"' + text + '"'])
            return text

        def line_end():
            return end or r.choice(["\n", "\r\n"])

        def blanks():
            while r.random() < (0.02 if self.tame else 0.06):
                out.append(r.choice(["", "", " ", "\u3000\u00a0", "\t", "\r", "\u2028", "\x85", "\f\v"]) + line_end())

        blanks()
        if header is not None:
            out.append(",".join(cell(h, i == 0) for i, h in enumerate(header)) + line_end())
        for row in rows:
            blanks()
            if self.chance(0.02):
                row = r.choice([row[:-1], row + [""], row + ["x"], row[:1], [""] * len(row)])
            line = ",".join(cell(c, i == 0) for i, c in enumerate(row))
            if self.chance(0.004):
                line = r.choice(['""', ",", "," * (len(row) - 1), "x", '"', '\u200b', '\ufeff', '"\n\n\n"', '"a\nb\nc"d\ne,f'])
            out.append(line + line_end())
        blanks()
        text = "".join(out)
        k = r.randrange(30)
        if k < 5:
            text = text.rstrip("\r\n")
        elif k == 5:
            text += r.choice(["\r", '"', ",", " ", "\u3000", "a", '"a"\r', '"a\n'])
        k = r.randrange(20)
        if k < 5:
            try:
                data = text.encode("gb18030")
            except UnicodeEncodeError:
                data = text.encode("utf-8")
        elif k < 8:
            data = b"\xef\xbb\xbf" + text.encode("utf-8")
        else:
            data = text.encode("utf-8")
        if r.random() < (0.005 if self.tame else 0.02) and data:
            at = r.randrange(len(data))
            data = data[:at] + r.choice([b"\x80", b"\xff", b"\x00", b"\xc0\x80", b"\xed\xa0\x80", b"\xfe\xff", b"\xa2\xe3", b"\x81", b"\xd2\xbb",
                                         b"\x84\x31\xa4\x37", b"\xa8\xbc", b"\x81\x35\xf4\x37", b"\xf4\x90\x80\x80", b"\xe3\x32\x9a\x36"]) + data[at:]
        if r.random() < 0.01:
            data = r.choice([b"", b"\n", b"\xef\xbb\xbf", b" \r\n\t\n", data[:len(data) // 2], data.replace(b"\n", b"\r")])
        return data

    def xlsx(self, path, header, rows):
        """A workbook whose first sheet in the workbook's order is not the first file, in every form of cell."""
        r = self.r
        is1904, shared, body, line = r.random() < 0.3, [], [], 0
        formats = [(0, None), (14, None), (22, None), (57, None), (164, 'yyyy"年"m"月"d"日"'), (165, '0.00"yd"'), (166, "[$-804]yyyy/m/d"),
                   (4, None), (167, "[Red]#,##0"), (49, None), (20, None)]
        dated = {1, 2, 3, 4, 6}
        epoch = date(1904, 1, 1) if is1904 else date(1899, 12, 30)

        def cell(text, place):
            at = f' r="{place}"'
            text = re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "", text)
            if text == "":
                return r.choice(["", f"<c{at}/>", f'<c{at} s="0"></c>', f'<c{at} t="inlineStr"><is><t></t></is></c>'])
            m = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
            if m and r.random() < 0.6:
                try:
                    days = (date(int(m[1]), int(m[2]), int(m[3])) - epoch).days
                    if days > 61:
                        return f'<c{at} s="{r.choice(sorted(dated))}"><v>{days}{r.choice(["", ".5", ".999"])}</v></c>'
                except ValueError:
                    pass
            if re.fullmatch("[0-9]{1,17}(\\.[0-9]{1,2})?", text) and r.random() < 0.6:
                if r.random() < 0.1:
                    text = r.choice(["1E3", "1.5E-3", "12345678901234567", "0.1", "3.0", "-5", "1E+20", "100.10", "29999.999999999996", "1.0E2"])
                return f'<c{at} s="{r.choice([0, 5, 7, 8, 9])}"{r.choice(["", " t=%sn%s" % (chr(34), chr(34))])}><v>{text}</v></c>'
            if r.random() < 0.01:
                return r.choice([f'<c{at} t="b"><v>1</v></c>', f'<c{at} t="b"><v>0</v></c>', f'<c{at} t="e"><v>#N/A</v></c>',
                                 f'<c{at} t="str"><f>A1</f><v>x</v></c>', f'<c{at}><f>1+1</f><v>2</v></c>', f'<c{at} s="1"><v>12</v></c>'])
            t = f'<t xml:space="preserve">{escape(text)}</t>'
            if r.random() < 0.3:
                return f'<c{at} t="inlineStr"><is>{t}</is></c>'
            if r.random() < 0.2:
                return f'<c{at} t="str"><f>B1&amp;""</f><v>{escape(text)}</v></c>' if text.strip() == text else f'<c{at} t="inlineStr"><is>{t}</is></c>'
            half = len(text) // 2
            if r.random() < 0.2 and half:
                t = "".join(f'<r><rPr><b/></rPr><t xml:space="preserve">{escape(x)}</t></r>' for x in (text[:half], text[half:])) + \
                    '<rPh sb="0" eb="1"><t>音</t></rPh>'
            shared.append(f"<si>{t}</si>")
            return f'<c{at} t="s"><v>{len(shared) - 1}</v></c>'

        def letters(i):
            return (chr(64 + i // 26) if i >= 26 else "") + chr(65 + i % 26)

        for row in [header, *rows]:
            line += r.choice([1, 1, 1, 1, 2, 5]) if not self.tame else 1
            if r.random() < 0.03:
                body.append(f'<row r="{line}"><c r="A{line}"/></row>')
                line += 1
            if r.random() < 0.03:
                row = row + ["beyond"]
            body.append(f'<row r="{line}">' + "".join(cell(c, f"{letters(i)}{line}") for i, c in enumerate(row)) + "</row>")
        head, main = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006"
        sheet = f'{head}<worksheet xmlns="{main}"><sheetData>%s</sheetData></worksheet>'
        with zipfile.ZipFile(path, "w", r.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as z:
            z.writestr("[Content_Types].xml", f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.'
                       'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>')
            z.writestr("_rels/.rels", f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" '
                       'Target="xl/workbook.xml"/></Relationships>')
            z.writestr("xl/workbook.xml", f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr{" date1904=%s1%s" % (chr(34), chr(34)) if is1904 else ""}/>'
                       '<sheets><sheet name="甲" sheetId="5" r:id="rId7"/><sheet name="b" sheetId="1" r:id="rId2"/></sheets></workbook>')
            z.writestr("xl/_rels/workbook.xml.rels", f'{head}<Relationships xmlns="{package}/relationships">'
                       f'<Relationship Id="rId2" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
                       f'<Relationship Id="rId7" Type="{office}/worksheet" Target="{r.choice(["worksheets/sheet9.xml", "/xl/worksheets/sheet9.xml"])}"/>'
                       f'<Relationship Id="rId3" Type="{office}/styles" Target="styles.xml"/>'
                       f'<Relationship Id="rId4" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')
            z.writestr("xl/styles.xml", f'{head}<styleSheet xmlns="{main}"><numFmts>' +
                       "".join(f'<numFmt numFmtId="{k}" formatCode="{escape(c, {chr(34): "&quot;"})}"/>' for k, c in formats if c) +
                       '</numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs>' +
                       "".join(f'<xf numFmtId="{k}"/>' for k, _ in formats) + "</cellXfs></styleSheet>")
            z.writestr("xl/sharedStrings.xml", f'{head}<sst xmlns="{main}">' + "".join(shared) + "</sst>")
            z.writestr("xl/worksheets/sheet1.xml", sheet % '<row r="1"><c r="A1" t="inlineStr"><is><t>no</t></is></c></row>')
            z.writestr("xl/worksheets/sheet9.xml", sheet % "".join(body))
        if r.random() < 0.02:
            with open(path, "rb") as f:
                data = f.read()
            self.write(os.path.dirname(path), os.path.basename(path), data[:len(data) // 2])

    def arranged(self, fields, needed, make_row, count):
        """A header in some order with aliases and more columns, and its rows."""
        r = self.r
        columns = [f for f in fields if f[0] in needed or r.random() < 0.85]
        if self.chance(0.04):
            columns = [f for f in columns if r.random() < 0.85]
        if self.chance(0.03) and columns:
            columns = columns + [r.choice(columns)]
        columns = columns + [("", "other", ["备注", "序号", "", "Name", "id_number2"])] * r.choice([0, 0, 1, 2])
        r.shuffle(columns)
        header = [self.padded(r.choice([n, n, *aliases]) if n else r.choice(aliases)) for n, _, aliases in columns]
        if self.chance(0.01) and header:
            header[r.randrange(len(header))] += r.choice(["x", "\u200b", "Ａ"])
        rows = []
        for _ in range(count):
            values = make_row()
            rows.append([values.get(n, "") if n else r.choice(["", "x", "a,b", "1"]) for n, _, _ in columns])
        return header, rows

    def write(self, folder, name, data):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)

    def register(self, folder):
        r = self.r
        os.makedirs(folder)
        households = ["H%04d" % i for i in range(r.choice([0, 1, 3, 20, 60]) if not self.tame else 60)]
        r.shuffle(households)
        if self.chance(0.3):
            households += r.sample(["户1", "户2", "a,b", 'q"', "Ｈ0001", "h0001", "é", "e\u0301", "H\u00a01", "\U00020000", "\uffee", "H\t1", "\x02"], 4)
        hrows, prows = [], []
        for h in households:
            hrows.append([self.padded(h), self.padded(r.choice(DIVISIONS)), r.choice(["urban", "rural", ""]), r.choice(CATEGORIES),
                          self.money_text() if r.random() > 0.1 else "", self.date_text() if r.random() > 0.1 else ""])
            if self.chance(0.03):
                hrows.append(list(hrows[-1]))
        n = 0
        for h in households + ["H9999"] * (len(households) // 15) + [""] * (len(households) // 30):
            for k in range(r.choice([0, 1, 1, 1, 2, 3, 5])):
                n += 1
                number, name = self.id_number(), r.choice(NAMES)
                if self.people and self.chance(0.05):
                    number = r.choice(self.people)[0]
                self.people.append((number, name))
                pid = "P%05d" % (n if not self.chance(0.02) else r.randrange(1, n + 1))
                prows.append([self.padded(pid if not self.chance(0.01) else ""), self.padded(h),
                              self.id_text(number) if not self.chance(0.05) else "",
                              self.padded(name if not self.chance(0.05) else r.choice(["", "···", "\u3000"])),
                              r.choice(["male", "female", ""]), self.date_text() if r.random() < 0.3 else
                              r.choice(["", number[6:14], f"{number[6:10]}-{number[10:12]}-{number[12:14]}"]),
                              r.choice(["head", "spouse", "child", "parent", "other", ""])])
        r.shuffle(prows)
        for base, rows, fields in [("households", hrows, "household_id division settlement category income_per_capita enrolled_on"),
                                   ("persons", prows, "person_id household_id id_number name sex birth_date relation")]:
            names = fields.split()
            order = list(range(len(names))) + ([99] if r.random() < 0.2 else [])
            r.shuffle(order)
            parts = r.choice([1, 1, 2])
            for p in range(parts):
                piece = rows[p::parts] if parts > 1 else rows
                if self.chance(0.01):
                    order = order[:-1]
                data = self.csv([names[i] if i < 99 else "备注" for i in order], [[row[i] if i < 99 else "z" for i in order] for row in piece], base)
                self.write(folder, base + r.choice(["", "-a", "2"]) * (p > 0) + str(p) * (p > 0) + r.choice([".csv", ".CSV", ".csv"]), data)

    def feeds(self, folder, needed, big=None):
        r = self.r
        os.makedirs(folder)
        keys = ["K%d" % i for i in range(12)] + ["k1", "Ｋ1", "K 1", "é", "e\u0301", "K1\u200b"]
        for kind, (fields, key, _) in KINDS.items():
            for part in range(r.choice([0, 1, 1, 2, 4])):
                def row():
                    number, name = r.choice(self.people) if self.people and r.random() < 0.8 else (self.id_number(), r.choice(NAMES))
                    out = {}
                    for n, t, _ in fields:
                        if n == "id_number":
                            out[n] = self.id_text(number)
                        elif n == "name":
                            out[n] = self.name_text(name)
                        elif t == "text":
                            out[n] = (self.padded(r.choice(keys)) if r.random() < (0.3 if not self.tame else 0.1)
                                      else "N%d" % r.randrange(10**6)) if n in key else self.plain_text()
                            if n in key and self.chance(0.03):
                                out[n] = ""
                        else:
                            out[n] = {"date": self.date_text, "money": self.money_text, "area": self.area_text,
                                      "level": self.level_text}[t]()
                            if self.chance(0.04):
                                out[n] = ""
                    return out
                count = r.choice([0, 1, 5, 40, 150]) if big is None else big
                header, rows = self.arranged(fields, needed.get(kind, set()), row, count)
                if big is None and r.random() < 0.2:
                    self.xlsx(os.path.join(folder, f"{kind}-{part}.{r.choice(['xlsx', 'XLSX'])}"), header, rows)
                    continue
                name = kind + r.choice(["", "-2025", "_x", "2", "s", "Ａ", "-é"]) + str(part) + r.choice([".csv", ".csv", ".CSV", ".Csv"])
                self.write(folder, name, self.csv(header, rows, kind) if big is None else self.large(header, rows))
        for name in ["readme.txt", "Medical.csv", "medica.csv", "medical", "relief.csv.bak", "other.csv"]:
            if r.random() < 0.15:
                self.write(folder, name, b"x\n")

    def large(self, header, rows):
        """A few megabytes with quoted line breaks and broken quotes, so that every border of parts meets some."""
        r = self.r
        lines, size = [",".join(header)], 0
        long_field = r.random() < 0.3
        wanted = r.choice([700_000, 1_500_000, 3_000_000])
        faults = r.choice([0, 0.002, 0.00005])
        while size < wanted:
            row = list(r.choice(rows))
            for i in range(len(row)):
                if set(row[i]) & set('",\n'):
                    row[i] = '"' + row[i].replace('"', '""') + '"'
            if r.random() < 0.2:
                text = "".join(r.choice(["a", "\n", "\n\n", '""', ",", "文", "\r\n", ',""\n']) for _ in range(r.randrange(12)))
                if long_field and r.random() < 0.01:
                    text = text * r.choice([100, 5000, 60000])
                    if len(text) > 700_000:
                        text = text[:700_000].rstrip('"')
                        if text.count('"') % 2:
                            text += '"'
                row[r.randrange(len(row))] = '"' + text + '"'
            if r.random() < faults:
                row[r.randrange(len(row))] = r.choice(['"', '"x', 'x"', '"a"b', '"a\nb" c', '"""', '"\n\n', ' "a"', '"a"\r'])
            line = ",".join(row)
            lines.append(line)
            size += len(line) * 2
        text = r.choice(["\n", "\r\n"]).join(lines) + r.choice(["", "\n", '"', '\n"'])
        if r.random() < 0.3:
            try:
                return text.encode("gb18030")
            except UnicodeEncodeError:
                pass
        return text.encode("utf-8")


# Rules ---------------------------------------------------------------------------------------------------------------

class RuleSource:
    """Well typed random rules."""

    def __init__(self, r):
        self.r = r

    def literal(self, t):
        r = self.r
        if t == "int":
            return r.choice(["0", "1", "2", "3", "16", "60", "-1", "12", "0x10", "9223372036854775807", "-9223372036854775808", "9007199254740993"]) \
                if r.random() < 0.3 else str(r.randrange(5))
        if t == "double":
            return r.choice(["0.0", "1.0", "0.5", "1000.0", "30000.0", "500.01", "-2.5", "1e3", "2.5e-1", "9007199254740992.0", "9223372036854775808.0",
                             "50000.01", "0.1"])
        if t == "string":
            return r.choice(["'dibao'", "'失业'", "'在业'", "'重大'", "'本科'", "'a'", "''", "'A'", "\"x,y\"", "'\\u5931业'", "'e\\u0301'", "'é'", "r'\\\\'",
                             "'1501'", "'urban'", "'head'", "'2026-06-30'", "'2026'", "'𠮷'", "'male'", "'1'", "'12.5'"])
        return r.choice(["true", "false"])

    def value(self, t, depth):
        r, names = self.r, self.names
        fitting = [n for n, (base, _) in names.items() if base == t]
        if depth <= 0 or r.random() < 0.35:
            return r.choice(fitting) if fitting and r.random() < 0.75 else self.literal(t)
        k = r.random()
        d = depth - 1
        if t == "bool":
            return self.condition(d)
        if k < 0.12:
            return f"({self.condition(d)} ? {self.value(t, d)} : {self.value(t, d)})"
        if t == "int":
            k = r.randrange(6)
            if k == 0:
                return f"size({self.value('string', d)})"
            if k == 1:
                return f"int({self.value(r.choice(['double', 'int', 'string']), d)})"
            if k == 2:
                return f"-({self.value('int', d)})"
            return f"({self.value('int', d)} {r.choice('+-*/%')} {self.value('int', d)})"
        if t == "double":
            k = r.randrange(6)
            if k == 0:
                return f"double({self.value('int', d)})"
            if k == 1:
                return f"-{self.value('double', 0)}" if r.random() < 0.5 else f"-({self.value('double', d)})"
            return f"({self.value('double', d)} {r.choice('+-*/')} {self.value('double', d)})"
        k = r.randrange(4)
        if k == 0:
            return f"string({self.value(r.choice(['int', 'string']), d)})"
        if k == 1:
            money = [n for n, (b, _) in names.items() if b == "double"]
            return f"string({r.choice(money)})" if money else self.literal("string")
        return f"({self.value('string', d)} + {self.value('string', d)})" if k == 2 else self.value("string", 0)

    def condition(self, depth):
        r = self.r
        d = depth - 1
        if depth <= 0:
            return self.comparison(0)
        k = r.randrange(12)
        if k < 2:
            return f"({self.condition(d)} && {self.condition(d)})"
        if k < 4:
            return f"({self.condition(d)} || {self.condition(d)})"
        if k == 4:
            return f"!({self.condition(d)})" if r.random() < 0.8 else f"!!({self.condition(d)})"
        if k == 5:
            t = r.choice(["int", "double", "string"])
            return f"{self.value(t, d)} in [{', '.join(self.value(t, 0) for _ in range(r.randrange(1, 5)))}]"
        if k == 6:
            return f"{self.value('string', d)}.{r.choice(['contains', 'startsWith', 'endsWith'])}({self.value('string', 0)})"
        if k == 7:
            paths = [n for n in self.names if n.startswith(("household.", "person."))]
            return f"has({r.choice(paths)})" if paths else "true"
        if k == 8:
            nullable = [n for n, (_, maybe) in self.names.items() if maybe]
            return f"{r.choice(nullable)} {r.choice(['==', '!='])} null" if nullable else "false"
        if k == 9:
            return f"({self.condition(d)} ? {self.condition(d)} : {self.condition(d)})"
        return self.comparison(d)

    def comparison(self, d):
        r = self.r
        t = r.choice(["int", "double", "string", "int", "double"])
        if t != "string" and r.random() < 0.3:
            return f"{self.value('int', d)} {r.choice(['<', '<=', '>', '>='])} {self.value('double', d)}" if r.random() < 0.5 else \
                f"{self.value('double', d)} {r.choice(['<', '<=', '>', '>='])} {self.value('int', d)}"
        return f"{self.value(t, d)} {r.choice(['<', '<=', '>', '>=', '==', '!='])} {self.value(t, d)}"

    def quoted(self, text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def file(self):
        """The YAML and, by kind, the columns that it needs."""
        from monitor import HOUSEHOLD_TYPES, PERSON_TYPES, VALUE_TYPES
        r = self.r
        lines, needed, facts = ['version: "random"', "parameters:"], {}, {}
        for n in ["p1", "p2"]:
            lines.append(f'  {n}: {{ default: {r.choice(["760.0", "1", "0.5"])}, "1501": 905.25, "150102": 2.0, "15": 3, "152201003": 0.1 }}')
        lines.append("facts:")
        for i in range(r.randrange(1, 9)):
            name = r.choice("abcxyzABC_") + "f%d" % i
            if r.random() < 0.15:
                self.names = dict(PERSON_TYPES)
                where = f", where: {self.quoted(self.condition(2))}" if r.random() < 0.8 else ""
                lines.append(f"  {name}: {{ count: members{where} }}")
                facts[name] = ("int", False)
                continue
            kind = r.choice(list(KINDS))
            fields, key, dated = KINDS[kind]
            needed.setdefault(kind, {"id_number", *key})
            numbers = [(n, t) for n, t, _ in fields if t in ("money", "area", "level")]
            if numbers and r.random() < 0.5:
                n, t = r.choice(numbers)
                f = r.choice(["sum", "max", "min"])
                needed[kind].add(n)
                text, facts[name] = f"{f}: {n}", ("int" if t == "level" else "double", f != "sum")
            else:
                text, facts[name] = r.choice(["count: rows", "count: persons"]), ("int", False)
            if r.random() < 0.5:
                text += f", months: {r.choice([1, 2, 3, 6, 12, 24, 48, 600, 30000])}"
                needed[kind].add(dated)
            if r.random() < 0.3:
                text += ", latest: true"
                needed[kind].add(dated)
            if r.random() < 0.5:
                chosen = r.sample(fields, min(len(fields), 3))
                self.names = {**PERSON_TYPES, **{n: (VALUE_TYPES[t], False) for n, t, _ in chosen}}
                where = self.condition(2)
                needed[kind] |= {n for n, _, _ in fields if n in where}
                text += f", where: {self.quoted(where)}"
            lines.append(f"  {name}: {{ feed: {kind}, {text} }}")
        lines.append("indicators:")
        for i in r.sample(range(30), r.randrange(1, 10)):
            scope = r.choice(["household", "person"])
            self.names = {**HOUSEHOLD_TYPES, **facts, "param.p1": ("double", False), "param.p2": ("double", False)}
            for f in facts:
                for copy in range(2):
                    self.names[f] = facts[f]
            if scope == "person":
                self.names.update(PERSON_TYPES)
            when = self.condition(r.randrange(4))
            if r.random() < 0.3 and facts:
                f = r.choice(list(facts))
                when = f"{f} >= 0" if facts[f][0] == "int" or r.random() < 0.5 else f"{f} >= 0.0"
            if r.random() < 0.01:
                when = r.choice([when + " &&", "nothing > 1", "1 == 1.0", "1 + 1.0 > 1.0", "has(x)", "size(1) > 0", "'a' < 1", "1", "person.name == ''"])
            lines.append(f"  - {{ id: {r.choice('SRsé')}{i:02}, title: {{ zh: 甲, en: A }}, direction: {r.choice(['support', 'review'])}, scope: {scope}, "
                         f"points: {r.choice([1, 5, 15, 20, 40, 60, 100, 250])}, when: {self.quoted(when)} }}")
        lines += ["tiers:", "  support: { red: 60, orange: 40, yellow: 5 }", f"  review: {{ red: {r.choice([60, 100, 101])}, orange: 40, yellow: 1 }}"]
        return "\n".join(lines) + "\n", needed
