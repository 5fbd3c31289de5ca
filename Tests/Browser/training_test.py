"""training's pages in a real browser: what citizens and staff see at a phone's and a desk's width, with axe; a sign-up without script from the start
page to leaving the class again.
usage: training_test.py TRAINING GATEWAY PASSWORD, after pages_test.py, in which the account "chief" chose that password"""

import re
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

training, gateway, password = sys.argv[1:4]
passed = 0
failures = []


def check(truth, what):
    global passed
    if truth:
        passed += 1
    else:
        failures.append(what)
        print("FAILED:", what)


def look(page, path, width):
    response = page.goto(training + path)
    check(response.status == 200, f"{path} at {width}: status {response.status}")
    name = f"{path} at {width}"
    found = Axe().run(page).response["violations"]
    check(not found, f"{name}: axe {[(v['id'], v['nodes'][0]['html'][:160]) for v in found]}")
    measure(page, name)


def measure(page, name):
    """What can be asked of a page without script too; axe does not end there."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    check(overflow <= 0, f"{name}: {overflow} px run over the edge")
    missing = page.locator("body").inner_text().count("⟦")
    check(missing == 0, f"{name}: {missing} words are missing")


def number(index):
    body = "15040219920" + f"{1 + index % 9}" + "15" + f"{300 + index:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    context = browser.new_context()
    page = context.new_page()
    page.goto(gateway + "/gateway/sign-in")
    page.fill("#login", "chief")
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/gateway/")
    state = context.storage_state()
    page.goto(training + "/training/open?free=1")
    offer = page.locator(".offer a").first.get_attribute("href")
    page.goto(training + "/training/manage/certificates")
    certificate = page.locator("tbody a").first.get_attribute("href")
    number_of = certificate.split("/")[-1]
    page.goto(training + certificate)
    page.goto(training + page.locator("a.button[href*='/print']").first.get_attribute("href"))
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    check(sheets == 1, f"a certificate is printed on {sheets} sheets")
    context.close()

    public = ["/training/", "/training/open", "/training/open?q=%E6%9C%88%E5%AB%82&audience=leaving", offer, offer + "/sign-up",
              "/training/trades?q=%E6%9C%88%E5%AB%82", "/training/certificates", f"/training/certificates/{number_of}",
              "/training/vacancies", "/training/brands", "/training/notices", "/training/docs"]
    staff = ["/training/", "/training/classes", "/training/classes/1", "/training/schools", "/training/programs", "/training/enrollments",
             "/training/enrollments/1", "/training/attendance?day=2026-03-10", "/training/classes/1/attendance",
             "/training/classes/1/results", "/training/classes/1/certificates", "/training/manage/certificates", "/training/signals",
             "/training/subsidies", "/training/budgets", "/training/payments", "/training/employment", "/training/employment/new",
             "/training/figures?half=2026-1", "/training/needs", "/training/audit", "/training/jobs", "/training/events"]
    for width, mobile in ((1280, False), (390, True)):
        errors = []
        for paths, kept in ((public, None), (staff, state)):
            context = browser.new_context(viewport={"width": width, "height": 900}, is_mobile=mobile, storage_state=kept)
            page = context.new_page()
            page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
            for path in paths:
                look(page, path, width)
            context.close()
        check(not errors, f"console at {width}: {errors[:3]}")

    # In English and in large letters, on a phone.
    for setting in ("?lang=en", "?type=large"):
        for paths, kept in ((public, None), (staff, state)):
            context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, storage_state=kept)
            page = context.new_page()
            page.goto(training + "/training/" + setting)
            for path in paths:
                look(page, path, f"390 with {setting}")
            context.close()

    # Without script: from the start page to a seat, and out again.
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(training + "/training/")
    page.locator("#q").fill("家政")
    page.locator(".search button").click()
    check(page.locator(".offer").count() > 0, "classes for 家政 are found without script")
    page.goto(training + offer)
    page.locator("a.button-wide").click()
    page.locator("form button.button-wide").click()
    page.fill("#name", " ")
    page.fill("#number", " ")
    page.fill("#phone", " ")
    page.select_option("#living", "150402")
    page.locator("form button.button-wide").click()
    for field in ("name", "number", "phone", "residence"):
        described = (page.get_attribute("#" + field, "aria-describedby") or "").split()
        check(f"{field}-fault" in described, f"a half form: the fault of {field} is tied to it, not {described}")
        check(page.locator(f"#{field}-fault").count() == 1, f"a half form: {field} has its fault beside it")
    check(page.input_value("#living") == "150402", "a half form: what was chosen stays")
    measure(page, "a half form")
    page.fill("#name", "测试学员")
    page.fill("#number", "150402199001011234")
    page.fill("#phone", "13812345678")
    page.locator("input[name=residence][value=rural]").check()
    page.select_option("#living", "150402")
    page.locator("form button.button-wide").click()
    check(page.locator(".field-fault").count() > 0, "a wrong number is told beside its field")
    check(page.input_value("#name") == "测试学员", "what was typed stays")
    page.fill("#number", number(1))
    page.locator("input[name=group-rural-transfer]").check()
    page.locator("form button.button-wide").click()
    check("报名成功" in page.locator("h1").inner_text(), "signed up: " + page.locator("h1").inner_text())
    check("年龄符合" in page.locator(".verdict-lines").inner_text(), "the verdict says why")
    measure(page, "signed up")
    page.locator("section a.button").first.click()
    check("/training/my/" in page.url, "the own page opens")
    own = page.url.removeprefix(training)
    page.locator("a[href$='/leave']").first.click()
    leaving = page.url.removeprefix(training)
    scripted = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
    for path in (own, leaving):
        look(scripted.new_page(), path, 390)
    scripted.close()
    page.locator("main form button").first.click()
    check("已退出" in page.locator("main").inner_text(), "left through the confirmation")
    context.close()
    browser.close()

print(f"training: {passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
