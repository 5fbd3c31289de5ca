"""training's pages in a real browser: what citizens and staff see at a phone's and a desk's width, with axe; a sign-up without script from the start
page to leaving the class again.
usage: training_test.py TRAINING GATEWAY PASSWORD, after pages_test.py, in which the account "chief" chose that password"""

import re
import sys

from looking import Looks, chromium, phone, sign_in
from playwright.sync_api import sync_playwright

training, gateway, password = sys.argv[1:4]
looks = Looks(training)
check, look, measure = looks.check, looks.look, looks.measure


def number(index):
    body = "15040219920" + f"{1 + index % 9}" + "15" + f"{300 + index:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(**chromium)
    context = browser.new_context()
    page = sign_in(context, gateway, password)
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
    page.goto(training + "/training/enrollments?state=completed")
    completed = page.locator("tbody a").first.get_attribute("href")
    context.close()

    public = ["/training/", "/training/open", "/training/open?q=%E6%9C%88%E5%AB%82&audience=leaving", offer, offer + "/sign-up",
              "/training/trades?q=%E6%9C%88%E5%AB%82", "/training/certificates", f"/training/certificates/{number_of}",
              "/training/vacancies", "/training/brands", "/training/brands/1", "/training/notices", "/training/docs"]
    staff = ["/training/", "/training/classes", "/training/classes/1", "/training/schools", "/training/programs", "/training/enrollments",
             "/training/enrollments/1", "/training/attendance?day=2026-03-10", "/training/classes/1/attendance",
             "/training/classes/1/results", "/training/classes/1/certificates", "/training/manage/certificates", "/training/signals",
             "/training/subsidies", "/training/budgets", "/training/payments", "/training/employment", "/training/employment/new",
             "/training/employment/employers", "/training/employment/employers/1", "/training/employment/vacancies/1",
             "/training/employment/vacancies/1/close", "/training/employment/brands", "/training/employment/brands/new",
             "/training/employment/brands/1", completed, completed + "/placement",
             "/training/figures?half=2026-1", "/training/needs", "/training/audit", "/training/jobs", "/training/events"]
    looks.look_at_all(browser, public, staff, state)

    # People are found by what no address holds; what cannot be taken back is asked first.
    context = browser.new_context(storage_state=state, **phone)
    page = context.new_page()
    page.goto(training + "/training/enrollments?state=seated")
    page.locator("tbody a").first.click()
    name = page.locator("h1").inner_text()
    page.goto(training + "/training/enrollments")
    page.fill("#who", name)
    page.locator(".search button").click()
    check("%" not in page.url and name not in page.url, f"who was searched for stands in the address: {page.url}")
    check(page.locator("h1").inner_text() == name or page.locator("tbody tr").count() > 0, f"{name} is found")
    looks.judge(page, "found by name")
    page.goto(training + "/training/enrollments?state=seated")
    page.locator("tbody a").first.click()
    page.locator("form[action$='/withdraw'] select").select_option(index=1)
    page.locator("form[action$='/withdraw'] button").click()
    check("退出？" in page.locator("h1").inner_text(), "a withdrawal is asked first: " + page.locator("h1").inner_text())
    looks.judge(page, "asked before a withdrawal")
    page.locator(".confirm a").click()
    check(page.locator("h1").inner_text() == name, "nothing was done, and back to the enrollment")
    page.goto(training + completed + "/placement")
    page.select_option("#kind", "own")
    page.fill("#trade", "月嫂")
    page.fill("#startedOn", "2026-01-05")
    page.fill("#evidence", "走访")
    page.locator("main form button").click()
    check("家政服务员" in page.locator("#trade-fault").inner_text(), "a title typed for a code names the codes")
    looks.judge(page, "faults of a placement")

    # A labour brand, from the desk to what everyone sees of it.
    page.goto(training + "/training/employment")
    page.locator("main a[href$='/employment/brands']").click()
    page.locator("main a[href$='/brands/new']").click()
    page.fill("#name", "测试绣娘")
    page.select_option("#division", "150402")
    page.fill("#trades", "月嫂\n4-10-01-06")
    page.locator("main form button").click()
    check("第 1 行" in page.locator("#trades-fault").inner_text(), "the fault names the line of a title")
    looks.judge(page, "faults of a brand")
    page.fill("#trades", "4-10-01-06")
    page.locator("main form button").click()
    check("已保存" in page.locator("main").inner_text(), "the brand is kept: " + page.locator("main").inner_text()[:200])
    page.locator("tbody a", has_text="测试绣娘").click()
    check("家政服务员" in page.input_value("#trades"), "the trade's name stands behind its code")
    page.locator("main a[href^='/training/brands/']").click()
    check(page.locator("h1").inner_text() == "测试绣娘", "what everyone sees of the brand")
    context.close()

    # In English and in large letters, on a phone.
    for setting in ("?lang=en", "?type=large"):
        for paths, kept in ((public, None), (staff, state)):
            context = browser.new_context(**phone, storage_state=kept)
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
    scripted = browser.new_context(**phone)
    for path in (own, leaving):
        look(scripted.new_page(), path, 390)
    scripted.close()
    page.locator("main form button").first.click()
    check("已退出" in page.locator("main").inner_text(), "left through the confirmation")
    context.close()
    browser.close()

looks.end("training")
