"""Whole journeys in the browser, called by pages_test.py: what is asked before it is done, an alert closed by keyboard alone, paper, large
type on a phone. Each takes `check(truth, what)`."""

import re
import subprocess
import tempfile

from looking import sound

def tab_to(page, check, selector, what):
    """Presses Tab until an element of the selector has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return True
    check(False, f"the keyboard reaches {what}")
    return False


def run_until_done(page, address):
    """Starts a run on its page and waits for its end."""
    page.goto(address + "/aid/runs")
    page.locator("form[action='/aid/runs'] button").click()
    page.wait_for_url("**/aid/runs/*")
    own = page.url
    for _ in range(240):
        page.goto(own)
        if page.locator("progress").count() == 0:
            return own
        page.wait_for_timeout(250)
    return None


def refusals(session, check, address, gateway):
    """What is wrong stands in a summary on top that leads to the field, and beside the field, which is marked; what was typed is kept."""
    page = session.new_page()
    own, new = "/gateway/account", "/gateway/accounts/new"
    forms = [
        (gateway + own, "/gateway/account/password", {"old": "wrong one", "new": "quite long enough 9", "again": "quite long enough 9"}, "old"),
        (gateway + own, "/gateway/account/password", {"old": "wrong one", "new": "quite long enough 9", "again": "another"}, "again"),
        (gateway + new, "/gateway/accounts", {"login": "x", "name": "王芳", "division": "150402"}, "login"),
        (gateway + new, "/gateway/accounts", {"login": "li.qiang", "name": "　", "division": "150402"}, "name"),
        (gateway + new, "/gateway/accounts", {"login": "li.qiang", "name": "李强", "division": "1"}, "division"),
        (gateway + own + "/authenticator", "/gateway/account/authenticator", {"code": "12"}, "code"),
        (address + "/aid/households", "/aid/households", {"who": ""}, "who"),
        (address + "/aid/feeds", "/aid/feeds", {}, "files"),
        (address + "/aid/runs", "/aid/runs", {"as_of": "2026-02-30"}, "as_of"),
    ]
    for start, action, typed, field in forms:
        page.goto(start)
        form = page.locator(f"form[method=post][action='{action}']").first
        name = f"{action} with a wrong {field}"
        # The browser would hold some of these back by itself.
        form.evaluate("form => { form.noValidate = true; for (const one of form.querySelectorAll('input[type=date]')) one.type = 'text'; }")
        for key, text in typed.items():
            form.locator(f"[name='{key}']").fill(text)
        form.locator("button").click()
        page.wait_for_load_state()
        sound(page, check, name)
        links = page.locator(".faults a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        check(links == ["#" + field], f"{name}: the summary leads to {links}")
        beside = page.locator(f".field.has-fault:has([id='{field}']) .field-fault")
        check(beside.count() == 1 and beside.inner_text() == page.locator(".faults a").inner_text(), f"{name}: nothing stands beside the field")
        marked = page.locator(f"[id='{field}']")
        check(marked.get_attribute("aria-invalid") == "true", f"{name}: the field is not marked")
        check(beside.get_attribute("id") in (marked.get_attribute("aria-describedby") or "").split(), f"{name}: the field is not described by it")
        for key in ("login", "name", "division"):
            if typed.get(key, "").strip():
                check(page.locator(f"[id='{key}']").input_value() == typed[key], f"{name}: {key} is not kept")
    page.close()


def questions(session, check, address, gateway, account):
    """What cannot be taken back is asked on a page of its own, which needs no script."""
    page = session.new_page()

    def ask(start, link, back):
        page.goto(start)
        page.locator(link).click()
        page.wait_for_load_state()
        sound(page, check, page.url)
        check(page.locator("form.confirm button").count() == 1, f"{page.url} has one button")
        page.locator("form.confirm a.button-quiet").click()
        page.wait_for_url(back)

    # An account: leave it, then do it.
    own = gateway + account
    for path, word in (("reset", "first password"), ("sessions/end", "end"), ("block", "blocked")):
        link = f"a[href$='/{path}']"
        ask(own, link, own)
        page.locator(link).click()
        page.locator("form.confirm button").click()
        page.wait_for_load_state()
        if path == "reset":
            check(page.locator("code.password").count() == 1, "the new password is shown")
        if path == "block":
            check(page.locator("a[href$='/block']").count() == 0, "a blocked account is not blocked twice")

    # A file: the list keeps it until the button is pressed.
    feeds = address + "/aid/feeds"
    name = "medical-2026.csv"
    page.goto(feeds)
    page.locator("details:has(#file) summary").click()
    page.select_option("#file", name)
    page.locator("form[action='/aid/feeds/remove'] button").click()
    page.wait_for_load_state()
    sound(page, check, page.url)
    check(name in page.locator("h1").inner_text(), "the question names the file")
    page.locator("form.confirm a.button-quiet").click()
    page.wait_for_url(feeds)
    in_use = f"section td:has-text('{name}')"
    check(page.locator(in_use).count() == 1, "the file is in use until the button is pressed")
    page.goto(f"{feeds}/remove?file={name}")
    page.locator("form.confirm button").click()
    page.wait_for_url(feeds)
    check(page.locator(in_use).count() == 0, "the file is out of use")

    # A run that waits behind others.
    for _ in range(4):
        page.goto(address + "/aid/runs")
        page.locator("form[action='/aid/runs'] button").click()
        page.wait_for_url("**/aid/runs/*")
    own = page.url
    ask(own, "a[href$='/stop']", own)
    page.goto(own + "/stop")
    page.locator("form.confirm button").click()
    page.wait_for_url(own)
    for _ in range(240):
        page.goto(own)
        if page.locator("progress").count() == 0:
            break
        page.wait_for_timeout(250)
    check("已停止" in page.inner_text("dl.portrait"), f"the run was stopped, not {page.inner_text('dl.portrait')[:40]!r}")
    page.goto(own + "/stop")
    check(page.url == own, "an ended run is not asked about")
    page.close()


def keyboard(browser, check, address, password):
    """Signs in, finds an alert whose signals are gone and closes it, without a mouse."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "/aid/alerts")
    if page.evaluate("document.activeElement.id") != "login":
        tab_to(page, check, "#login", "the account")
    page.keyboard.type("chief")
    tab_to(page, check, "#password", "the password")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/aid/alerts")

    tab_to(page, check, "select#state", "the filter of states")
    page.keyboard.press("ArrowDown")
    check(page.locator("select#state").input_value() == "cleared", "the arrow key chooses the next state")
    tab_to(page, check, "form.filters button", "the filter's button")
    page.keyboard.press("Enter")
    page.wait_for_url("**state=cleared**")
    if not tab_to(page, check, "td a[href*='/aid/households/']", "an alert whose signals are gone"):
        return context.close()
    page.keyboard.press("Enter")
    page.wait_for_url("**/aid/households/*")
    household = page.url

    # Without a reason it stays open: the browser itself asks for one, and so does the page.
    tab_to(page, check, "textarea[name=note]", "the reason")
    page.keyboard.type("　")
    tab_to(page, check, "form.close-form button", "the button that closes it")
    page.keyboard.press("Enter")
    page.wait_for_selector(".faults")
    sound(page, check, "a refused closing")
    tab_to(page, check, ".faults a", "the summary of what is wrong")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    check(page.evaluate("document.activeElement.name") in ("note", "") or
          page.evaluate("document.activeElement.closest('form')?.className") == "close-form",
          "the summary leads to the field")
    page.goto(household)
    tab_to(page, check, "textarea[name=note]", "the reason")
    page.keyboard.type("入户核实，情况已好转。")
    tab_to(page, check, "form.close-form button", "the button that closes it")
    page.keyboard.press("Enter")
    page.wait_for_url(household)
    page.wait_for_load_state()
    check("入户核实，情况已好转。" in page.inner_text("ol.history"), "the reason stands in the history")
    context.close()


def paper(browser, check, address, state, household):
    """Black on white, a table's header on each of its pages, nothing to press, page numbers."""
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    for path in ("/aid/alerts", household, "/aid/"):
        page.goto(address + path)
        page.emulate_media(media="print")
        shown = page.evaluate("""[...document.querySelectorAll('nav, header, footer, form, .button, .skip')]
            .filter(one => one.getClientRects().length > 0).map(one => one.outerHTML.slice(0, 60))""")
        check(shown == [], f"{path}: on paper stand {shown[:3]}")
        colours = page.evaluate("""[...document.querySelectorAll('main *')].filter(one => one.getClientRects().length > 0)
            .map(one => getComputedStyle(one).color).filter(one => !['rgb(0, 0, 0)', 'rgb(51, 51, 51)'].includes(one))""")
        check(colours == [], f"{path}: on paper stand the colours {sorted(set(colours))}")
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            page.pdf(path=file.name, prefer_css_page_size=True)
            sheets = subprocess.run(["pdftotext", "-layout", file.name, "-"], check=True, capture_output=True, text=True).stdout
        sheets = sheets.rstrip("\f").split("\f")
        for number, sheet in enumerate(sheets, 1):
            check(re.search(rf"\b{number} ?/ ?{len(sheets)}\s*$", sheet), f"{path}: sheet {number} has no number: {sheet[-40:]!r}")
        if path == "/aid/alerts":
            check(len(sheets) > 1, "a list of a hundred alerts needs more than one sheet")
            for number, sheet in enumerate(sheets, 1):
                check(re.search(r"家庭\s+等级\s+分值", sheet), f"{path}: sheet {number} has no header: {sheet[:80]!r}")
        page.emulate_media(media="screen")
    context.close()


def large_type(browser, check, address, gateway, state, pages, gateway_pages):
    """20 px and targets of 48 px on a phone of 390 px, remembered from page to page."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, storage_state=state)
    page = context.new_page()
    page.goto(address + "/aid/?type=large")
    for path in pages + gateway_pages:
        page.goto((gateway if path.startswith("/gateway") else address) + path)
        name = f"{path} in large type"
        size = page.evaluate("getComputedStyle(document.body).fontSize")
        check(size == "20px", f"{name}: the type has {size}")
        low = page.evaluate("""[...document.querySelectorAll('main .button, main select, main textarea, main input:not([type=hidden]):not([type=checkbox]):not([type=file]), main label.box')]
            .filter(one => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 47.5).map(one => one.outerHTML.slice(0, 80))""")
        check(low == [], f"{name}: too low to tap: {low[:3]}")
        sound(page, check, name)
    context.close()
