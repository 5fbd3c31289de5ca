"""Someone signs in with the keyboard alone and changes the given-out password. Then every page at 1280 and 390 pixels: axe
finds nothing, nothing runs over the edge, the keyboard reaches the content; an upload is done as an officer does it, an
account is made as an administrator does it. Then the journeys of journeys.py.

usage: pages_test.py AID GATEWAY DEMO_FOLDER GIVEN_OUT_PASSWORD
MINSHENG_PICTURES names a folder for a picture of every page.
"""

import os
import re
import sys

import journeys
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

address, gateway, demo, given_out = sys.argv[1:5]
password = "草原 骏马 奶茶 四十二号"
passed, failures = 0, []
pictures = os.environ.get("MINSHENG_PICTURES")


def check(truth, what):
    global passed
    if truth:
        passed += 1
    else:
        failures.append(what)
        print("FAILED:", what)


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    # Sign-in by keyboard: aid leads to the gateway, the given-out password to its change, and that to the start.
    session = browser.new_context()
    first = session.new_page()
    first.goto(address + "/aid/alerts?tier=red")
    if pictures:
        first.screenshot(path=f"{pictures}/sign-in.png")
    check("/gateway/sign-in" in first.url, f"aid leads to the gateway, not {first.url}")
    found = Axe().run(first).response["violations"]
    check(not found, f"sign-in: axe {[(v['id'], v['nodes'][0]['html'][:120]) for v in found]}")

    def type_into(page, field, text):
        for _ in range(40):
            if page.evaluate("document.activeElement.id") == field:
                break
            page.keyboard.press("Tab")
        check(page.evaluate("document.activeElement.id") == field, f"the keyboard reaches {field}")
        page.keyboard.type(text)

    type_into(first, "login", "chief")
    type_into(first, "password", "wrong")
    first.keyboard.press("Enter")
    first.wait_for_selector("#login-fault", timeout=5000)
    check(first.locator("#login-fault").count() == 1, "a wrong password is told beside the field")
    check(first.locator("#login").input_value() == "chief", "what was typed is kept")
    first.locator("#login").focus()
    type_into(first, "password", given_out)
    first.keyboard.press("Enter")
    first.wait_for_url("**/gateway/account")
    type_into(first, "old", given_out)
    type_into(first, "new", password)
    type_into(first, "again", password)
    first.keyboard.press("Enter")
    first.wait_for_url("**/gateway/")
    check(first.locator("a[href$='/aid/']").count() == 1, "the start leads to aid")
    first.goto(address + "/aid/alerts?tier=red")
    check(first.url.endswith("/aid/alerts?tier=red"), f"signed in, aid answers itself: {first.url}")
    state = session.storage_state()
    first.goto(address + "/aid/alerts")
    household = first.locator("a[href*='/aid/households/H']").first.get_attribute("href")
    first.close()

    # An administrator makes an account.
    page = session.new_page()
    page.goto(gateway + "/gateway/accounts/new")
    page.fill("#login", "wang.fang")
    page.fill("#name", "王芳")
    page.fill("#division", "150402001")
    page.check("input[name='role:aid:officer']")
    page.locator("main form button").click()
    page.wait_for_load_state()
    check(page.locator("code.password").count() == 1, "the new account's password is shown")
    page.goto(gateway + "/gateway/accounts")
    account = page.locator("a:has-text('wang.fang')").get_attribute("href")
    page.close()
    gateway_pages = ["/gateway/", "/gateway/account", "/gateway/account/authenticator", "/gateway/accounts",
                     "/gateway/accounts/new", account, account + "/block", "/gateway/audit"]
    pages = ["/aid/", "/aid/alerts", "/aid/alerts?tier=red&direction=support", household, "/aid/households", "/aid/feeds",
             "/aid/feeds/remove?file=medical-2026.csv", "/aid/rules", "/aid/runs/1", "/aid/audit", "/aid/jobs", "/aid/events",
             "/aid/events?list=incoming"]

    for width, mobile in ((1280, False), (390, True)):
        context = browser.new_context(viewport={"width": width, "height": 900}, is_mobile=mobile, storage_state=state)
        page = context.new_page()
        errors = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        for path in pages + gateway_pages:
            base = gateway if path.startswith("/gateway") else address
            response = page.goto(base + path)
            name = f"{path} at {width}"
            check(response.status == 200, f"{name}: status {response.status}")
            if pictures:
                page.screenshot(path=f"{pictures}/{width}{path.split('?')[0].replace('/', '-')}.png", full_page=True)
            journeys.sound(page, check, name)
        check(not errors, f"console at {width}: {errors[:3]}")
        context.close()

    # Without JavaScript the same pages are there, and English is one tap away.
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(address + "/aid/alerts")
    page.get_by_text("English", exact=True).first.click()
    check(re.search(r"[A-Za-z]", page.locator("h1").inner_text()) is not None, "the heading in English")
    page.goto(address + household)
    check(page.locator("html").get_attribute("lang") == "en", "the language is remembered")
    context.close()

    # The keyboard reaches the main content: the first tab stop leads past the navigation.
    page = session.new_page()
    page.goto(address + "/aid/alerts")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')") or ""
    check(focused.startswith("#"), f"the first tab stop skips to the content, not {focused!r}")

    # An officer uploads an extract and starts a run.
    page.goto(address + "/aid/feeds")
    page.locator("input[type=file]").first.set_input_files(f"{demo}/feeds/accidents.xlsx")
    page.locator("form:has(input[type=file]) button").first.click()
    page.wait_for_load_state()
    page.goto(address + "/aid/feeds")
    check("accidents.xlsx" in page.content(), "the uploaded file is listed")

    journeys.paper(browser, check, address, state, household)
    journeys.large_type(browser, check, address, gateway, state, pages, gateway_pages)
    journeys.refusals(session, check, address, gateway)
    journeys.questions(session, check, address, gateway, account)
    check(journeys.run_until_done(page, address), "a run without the file ends")
    journeys.keyboard(browser, check, address, password)

    # Signing out ends it for every page.
    page.goto(gateway + "/gateway/account")
    page.locator("form[action='/gateway/sign-out'] button").click()
    page.wait_for_url("**/gateway/sign-in")
    page.goto(address + "/aid/alerts")
    check("/gateway/sign-in" in page.url, "after signing out aid asks to sign in")
    browser.close()

print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
