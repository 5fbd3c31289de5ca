"""guide's pages in a real browser: what citizens read at a phone's and a desk's width, with axe; the search with suggestions,
the ticks that stay, the guided questions without script; what editors and operators see.
usage: guide_test.py GUIDE GATEWAY PASSWORD, after pages_test.py, in which the account "chief" chose that password"""

import sys

from looking import Looks, chromium, phone, sign_in
from playwright.sync_api import sync_playwright

guide, gateway, password = sys.argv[1:4]
looks = Looks(guide)
check = looks.check


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(**chromium)
    context = browser.new_context()
    page = sign_in(context, gateway, password)
    state = context.storage_state()
    page.goto(guide + "/guide/search?q=%E5%BC%80%E5%B0%8F%E5%8D%96%E9%83%A8")
    item = page.locator(".hits a").first.get_attribute("href")
    page.goto(guide + "/guide/flows")
    flow = page.locator("main a[href^='/guide/flows/']").first.get_attribute("href")
    context.close()

    public = ["/guide/", "/guide/search?q=%E5%AD%A9%E5%AD%90%E4%B8%8A%E6%88%B7%E5%8F%A3", "/guide/search?q=%E9%BE%98%E9%BE%98%E9%BE%98", item,
              "/guide/departments", "/guide/flows", flow, "/guide/help", "/guide/docs"]
    staff = ["/guide/editing", "/guide/manage/plates", "/guide/manage/flows", "/guide/manage/figures", "/guide/import",
             "/guide/helper", "/guide/audit", "/guide/jobs", "/guide/events"]
    looks.look_at_all(browser, public, staff, state)

    # The first page, with all that it loads, is light.
    context = browser.new_context(**phone)
    page = context.new_page()
    sizes = []
    def weigh(response):
        if response.status == 200:
            sizes.append(len(response.body()))

    page.on("response", weigh)
    page.goto(guide + "/guide/", wait_until="networkidle")
    page.remove_listener("response", weigh)
    check(sum(sizes) < 40_000, f"the first page and its files take {sum(sizes)} bytes")

    # Suggestions while typing, and a search by keyboard.
    page.locator("#q").press_sequentially("spjy")
    page.wait_for_selector("#suggestions a", timeout=5000)
    check(page.locator("#suggestions a").count() > 0, "suggestions for initials")
    page.locator("#q").fill("给孩子上户口")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hits a")
    check("出生登记" in page.locator(".hits li").first.inner_text(), "a newborn's registration is the first hit")

    # What is ticked stays on this phone.
    page.goto(guide + item)
    page.locator(".checklist input").first.check()
    page.reload()
    check(page.locator(".checklist input").first.is_checked(), "a tick is kept")
    context.close()

    # Without JavaScript: search, an item, a whole flow to its end.
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(guide + "/guide/")
    page.locator("#q").fill("开小饭馆")
    page.locator(".search button").click()
    check(page.locator(".hits a").count() > 0, "a search without script")
    page.goto(guide + flow)
    for _ in range(12):
        answers = page.locator(".answers a")
        if answers.count() == 0:
            break
        answers.first.click()
    check(page.locator(".todo li").count() > 0, "a flow ends with what to do")
    context.close()
    browser.close()

looks.end("guide")
