"""What a browser would send for a form of a page, urlencoded: hidden fields and defaults as they stand on the page, the rest as
filled in. Exit code 1 where the page has no such form, or the form no such field, button or choice.

usage: form.py PAGE ACTION [NAME=VALUE…]; a choice is named by its value or by the beginning of what it shows
"""

import html.parser
import sys
import urllib.parse


class Forms(html.parser.HTMLParser):
    """Every form that is posted, as its action and its controls: (kind, name, default or None, choices)."""

    def __init__(self):
        super().__init__()
        self.found, self.text, self.isOpen = [], None, False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name, value = attributes.get("name"), attributes.get("value") or ""
        if tag == "form":
            self.isOpen = attributes.get("method", "get").lower() == "post"
            if self.isOpen:
                self.found.append((attributes["action"], []))
        if not self.isOpen:
            return
        controls = self.found[-1][1]
        if tag == "option":
            self.choice, self.text = (value, "selected" in attributes), ""
        elif not name or "disabled" in attributes:
            return
        elif tag == "input" and attributes.get("type") in ("checkbox", "radio"):
            controls.append(("tick", name, value if "checked" in attributes else None, [(value, value)]))
        elif tag == "input":
            controls.append(("hidden" if attributes.get("type") == "hidden" else "line", name, value, []))
        elif tag == "button":
            controls.append(("tick", name, None, [(value, value)]))
        elif tag == "select":
            controls.append(("select", name, None, []))
        elif tag == "textarea":
            controls.append(("line", name, "", []))
            self.text = ""

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.isOpen = False
        elif tag in ("option", "textarea") and self.isOpen and self.text is not None:
            kind, name, default, choices = self.found[-1][1][-1]
            if tag == "option":
                value, isSelected = self.choice
                choices.append((value, self.text.strip()))
                default = value if isSelected or default is None else default
            else:
                default = self.text.removeprefix("\n")
            self.found[-1][1][-1] = (kind, name, default, choices)
            self.text = None


def fill(controls, typed):
    """The fields in the order of the form, or what the form lacks."""
    fields, missing = [], dict(typed)
    for kind, name, default, choices in controls:
        value = default
        if name in typed:
            wanted = typed[name]
            if kind == "line" or (kind == "hidden" and wanted == default):
                value = wanted
            else:
                fitting = [v for v, shown in choices if wanted == v or (kind == "select" and shown.startswith(wanted))]
                value = fitting[0] if fitting else (None if kind == "tick" else default)
                if not fitting:
                    wanted = None
            if wanted is not None:
                missing.pop(name, None)
        if value is not None:
            fields.append((name, value))
    return fields, missing


page, action = sys.argv[1:3]
typed = dict(argument.split("=", 1) for argument in sys.argv[3:])
forms = Forms()
with open(page, encoding="utf-8") as source:
    forms.feed(source.read())
tried = [fill(controls, typed) for place, controls in forms.found if place == action]
for fields, missing in tried:
    if not missing:
        print(urllib.parse.urlencode(fields), end="")
        sys.exit()
if tried:
    sys.exit(f"the form of {action} does not take {', '.join(f'{n}={v}' for n, v in tried[0][1].items())}")
sys.exit(f"no form of the page leads to {action}, only to: {' '.join(place for place, _ in forms.found)}")
