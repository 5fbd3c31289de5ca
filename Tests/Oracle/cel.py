"""The subset of the Common Expression Language that monitoring.md names: parser, type check, evaluation."""
import re
from decimal import Decimal


class RuleError(Exception):
    """The rules file is refused."""


class Fail(Exception):
    """An expression failed for one subject."""


TOKEN = re.compile(r"""(?P<space>[ \t\r\n\f]+|//[^\n]*)
 |(?P<double>[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
 |(?P<int>0[xX][0-9a-fA-F]+|[0-9]+)
 |(?P<string>[rR]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
 |(?P<name>[A-Za-z_][A-Za-z_0-9]*)
 |(?P<op>&&|\|\||<=|>=|==|!=|[-+*/%!<>?:.,()\[\]])""", re.X)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
           "\\": "\\", "'": "'", '"': '"', "`": "`", "?": "?"}


def unquote(text):
    raw = text[0] in "rR"
    body = text[2:-1] if raw else text[1:-1]
    if raw:
        return body
    out, i = [], 0
    while i < len(body):
        c = body[i]
        if c != "\\":
            out.append(c)
            i += 1
            continue
        c = body[i + 1]
        if c in ESCAPES:
            out.append(ESCAPES[c])
            i += 2
        elif c in "uUxX":
            width = {"u": 4, "U": 8, "x": 2, "X": 2}[c]
            out.append(chr(int(body[i + 2:i + 2 + width], 16)))
            i += 2 + width
        elif c in "0123":
            out.append(chr(int(body[i + 1:i + 4], 8)))
            i += 4
        else:
            raise RuleError("escape")
    return "".join(out)


def tokens(text):
    out, i = [], 0
    while i < len(text):
        m = TOKEN.match(text, i)
        if not m:
            raise RuleError("character " + repr(text[i]))
        i = m.end()
        if m.lastgroup != "space":
            out.append((m.lastgroup, m.group()))
    out.append(("end", ""))
    return out


class Parser:
    LEVELS = [["||"], ["&&"], ["<", "<=", ">", ">=", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"]]

    def __init__(self, text):
        self.t, self.i = tokens(text), 0

    def peek(self):
        return self.t[self.i][1] if self.t[self.i][0] in ("op", "name", "end") else None

    def take(self, value=None):
        token = self.t[self.i]
        if value is not None and self.peek() != value:
            raise RuleError("expected " + value)
        self.i += 1
        return token

    def parse(self):
        e = self.ternary()
        if self.t[self.i][0] != "end":
            raise RuleError("trailing")
        return e

    def ternary(self):
        c = self.binary(0)
        if self.peek() == "?":
            self.take()
            a = self.binary(0)
            self.take(":")
            return ("if", c, a, self.ternary())
        return c

    def binary(self, level):
        if level == len(self.LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.peek() in self.LEVELS[level] and self.t[self.i][0] != "end":
            op = self.take()[1]
            left = ("bin", op, left, self.binary(level + 1))
        return left

    def unary(self):
        if self.peek() in ("!", "-"):
            op, count = self.peek(), 0
            while self.peek() == op:
                self.take()
                count += 1
            if op == "-" and self.t[self.i][0] in ("int", "double"):
                # In CEL a minus directly before a number belongs to the literal.
                e = self.member(sign=-1)
                count -= 1
            else:
                e = self.member()
            for _ in range(count):
                e = ("un", op, e)
            return e
        return self.member()

    def member(self, sign=1):
        e = self.primary(sign)
        while self.peek() == ".":
            self.take()
            kind, name = self.take()
            if kind != "name":
                raise RuleError("name after the point")
            if self.peek() == "(":
                e = ("call", name, e, self.arguments(")"))
            else:
                e = ("sel", e, name)
        return e

    def arguments(self, closing):
        self.take()
        out = []
        if self.peek() != closing:
            out.append(self.ternary())
            while self.peek() == ",":
                self.take()
                if self.peek() == closing and closing == "]":
                    break
                out.append(self.ternary())
        self.take(closing)
        return out

    def primary(self, sign):
        kind, text = self.t[self.i]
        if kind == "int":
            self.take()
            v = sign * int(text, 0 if text[:2] in ("0x", "0X") else 10)
            if not -2**63 <= v < 2**63:
                raise RuleError("integer out of range")
            return ("lit", v)
        if kind == "double":
            self.take()
            return ("lit", sign * float(text))
        if kind == "string":
            self.take()
            return ("lit", unquote(text))
        if kind == "name":
            self.take()
            if text in ("true", "false", "null"):
                return ("lit", {"true": True, "false": False, "null": None}[text])
            if text == "in":
                raise RuleError("in")
            if self.peek() == "(":
                return ("call", text, None, self.arguments(")"))
            return ("name", text)
        if text == "(":
            self.take()
            e = self.ternary()
            self.take(")")
            return e
        if text == "[":
            return ("list", self.arguments("]"))
        raise RuleError("unexpected " + text)


def base_of(v):
    return {bool: "bool", int: "int", float: "double", str: "string", type(None): "null"}[type(v)]


def check(e, scope):
    """The expression's type (name, nullable). `scope` maps `name` and `object.name` to types; `uses` gathers names."""
    kind = e[0]
    if kind == "lit":
        return base_of(e[1]), e[1] is None
    if kind == "name":
        if e[1] not in scope["types"]:
            raise RuleError("unknown name " + e[1])
        scope["uses"].add(e[1])
        return scope["types"][e[1]]
    if kind == "sel":
        if e[1][0] != "name":
            raise RuleError("selection")
        path = e[1][1] + "." + e[2]
        if path not in scope["types"]:
            raise RuleError("unknown name " + path)
        return scope["types"][path]
    if kind == "list":
        types = [check(x, scope) for x in e[1]]
        bases = {t[0] for t in types} - {"null"}
        if len(bases) > 1:
            raise RuleError("mixed list")
        return ("list", bases.pop() if bases else "null"), False
    if kind == "if":
        if check(e[1], scope)[0] != "bool":
            raise RuleError("condition")
        a, b = check(e[2], scope), check(e[3], scope)
        if "null" in (a[0], b[0]):
            return (a[0] if b[0] == "null" else b[0]), True
        if a[0] != b[0]:
            raise RuleError("branches differ")
        return a[0], a[1] or b[1]
    if kind == "un":
        t = check(e[2], scope)[0]
        if t not in (("bool",) if e[1] == "!" else ("int", "double")):
            raise RuleError("type of " + e[1])
        return t, False
    if kind == "bin":
        op, a, b = e[1], check(e[2], scope), check(e[3], scope)
        if op in ("&&", "||"):
            if a[0] != "bool" or b[0] != "bool":
                raise RuleError(op)
        elif op in ("==", "!="):
            if a[0] == "null" or b[0] == "null":
                if not ((a[1] or a[0] == "null") and (b[1] or b[0] == "null")):
                    raise RuleError("never null")
            elif a[0] != b[0]:
                raise RuleError(op + " of two types")
        elif op in ("<", "<=", ">", ">="):
            if not ({a[0], b[0]} <= {"int", "double"} or a[0] == b[0] in ("string", "bool")):
                raise RuleError(op)
        elif op == "in":
            if not isinstance(b[0], tuple) or (a[0] != b[0][1] and "null" not in (a[0], b[0][1])):
                raise RuleError("in")
        else:
            if a[0] != b[0] or a[0] not in ("int", "double", "string") \
               or (a[0] == "string" and op != "+") or (a[0] == "double" and op == "%"):
                raise RuleError("types of " + op)
            return a[0], False
        return "bool", False
    if kind == "call":
        name, target, args = e[1], e[2], e[3]
        if name == "has" and target is None:
            if len(args) != 1 or args[0][0] != "sel" or args[0][1] not in (("name", "household"), ("name", "person")):
                raise RuleError("has")
            check(args[0], scope)
            return "bool", False
        every = ([] if target is None else [target]) + args
        types = [check(x, scope)[0] for x in every]
        if name in ("contains", "startsWith", "endsWith") and target is not None and types == ["string", "string"]:
            return "bool", False
        if name == "size" and len(types) == 1 and (types[0] == "string" or isinstance(types[0], tuple)):
            return "int", False
        if target is None and name in ("int", "double", "string") and len(types) == 1 \
           and types[0] in ("int", "double", "string"):
            return name, False
        raise RuleError("call of " + name)
    raise AssertionError(kind)


def decimal_text(v):
    """A double as alerts print it: shortest, no exponent, at least one decimal digit."""
    text = format(Decimal(repr(v)), "f")
    return text if "." in text else text + ".0"


def ranged(v):
    if not -2**63 <= v < 2**63:
        raise Fail
    return v


def divide(a, b):
    try:
        return a / b
    except ZeroDivisionError:
        if a != a or a == 0:
            return float("nan")
        import math
        return math.copysign(float("inf"), a) * math.copysign(1, b)


def multiply(a, b):
    return a * b


def same(a, b):
    return type(a) is type(b) and a == b


def evaluate(e, env):
    kind = e[0]
    if kind == "lit":
        return e[1]
    if kind == "name":
        return env[e[1]]
    if kind == "sel":
        return env[e[1][1] + "." + e[2]]
    if kind == "list":
        return [evaluate(x, env) for x in e[1]]
    if kind == "if":
        c = evaluate(e[1], env)
        if c is None:
            raise Fail
        return evaluate(e[2] if c else e[3], env)
    if kind == "un":
        v = evaluate(e[2], env)
        if v is None:
            raise Fail
        if e[1] == "!":
            return not v
        return ranged(-v) if isinstance(v, int) else -v
    if kind == "bin":
        return binary(e, env)
    name, target, args = e[1], e[2], e[3]
    if name == "has":
        return env[args[0][1][1] + "." + args[0][2]] is not None
    values = [evaluate(x, env) for x in ([] if target is None else [target]) + args]
    if any(v is None for v in values):
        raise Fail
    v = values[0]
    if name == "size":
        return len(v)
    if name == "contains":
        return values[1] in v
    if name == "startsWith":
        return v.startswith(values[1])
    if name == "endsWith":
        return v.endswith(values[1])
    if name == "string":
        return v if isinstance(v, str) else str(v) if isinstance(v, int) else decimal_text(v)
    if name == "double":
        try:
            return float(v)
        except ValueError:
            raise Fail from None
    if isinstance(v, float):
        if v != v or v in (float("inf"), float("-inf")):
            raise Fail
        return ranged(int(v))
    if isinstance(v, str):
        if not re.fullmatch(r"[+-]?[0-9]+", v):
            raise Fail
    return ranged(int(v))


def truth(e, env):
    try:
        v = evaluate(e, env)
    except Fail:
        return "failed"
    return "failed" if v is None else v


def binary(e, env):
    op = e[1]
    if op in ("&&", "||"):
        a, b = truth(e[2], env), truth(e[3], env)
        decides = op == "||"
        if a is decides or b is decides:
            return decides
        if "failed" in (a, b):
            raise Fail
        return not decides
    a, b = evaluate(e[2], env), evaluate(e[3], env)
    if op == "==":
        return same(a, b)
    if op == "!=":
        return not same(a, b)
    if op == "in":
        return any(same(a, x) for x in b)
    if a is None or b is None:
        raise Fail
    if op == "<":
        return a < b
    if op == "<=":
        return a <= b
    if op == ">":
        return a > b
    if op == ">=":
        return a >= b
    if isinstance(a, str):
        return a + b
    if op == "+":
        v = a + b
    elif op == "-":
        v = a - b
    elif op == "*":
        v = multiply(a, b)
    elif isinstance(a, float):
        return divide(a, b)
    else:
        if b == 0:
            raise Fail
        q = abs(a) // abs(b)
        q = q if (a < 0) == (b < 0) else -q
        if op == "%" and not -2**63 <= q < 2**63:
            raise Fail
        v = q if op == "/" else a - q * b
    return ranged(v) if isinstance(v, int) else v


def compile_expression(text, types):
    """Parses and checks a condition; returns the tree and the bare names that it uses."""
    if not isinstance(text, str):
        raise RuleError("not an expression")
    tree = Parser(text).parse()
    scope = {"types": types, "uses": set()}
    if check(tree, scope)[0] != "bool":
        raise RuleError("not a condition")
    return tree, scope["uses"]
