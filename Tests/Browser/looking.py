"""What the browser tests of every service share: checks that are counted, a look at a page with axe, the account's session."""

import sys

from axe_playwright_python.sync_playwright import Axe

chromium = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}
phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}

OVER_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Texts of charts that reach beyond their picture.
CUT_TEXTS = """[...document.querySelectorAll('svg.chart text')].filter(text => {
    const own = text.getBoundingClientRect(), all = text.ownerSVGElement.getBoundingClientRect();
    return own.left < all.left - 1 || own.right > all.right + 1;
}).map(text => text.textContent)"""


def sound(page, check, name):
    """axe finds nothing and nothing runs over the edge."""
    found = Axe().run(page).response["violations"]
    check(not found, f"{name}: axe {[(v['id'], v['nodes'][0]['html'][:120]) for v in found]}")
    check(page.evaluate(OVER_THE_EDGE) <= 0, f"{name}: something runs over the edge")
    check(page.evaluate(CUT_TEXTS) == [], f"{name}: texts of a chart are cut: {page.evaluate(CUT_TEXTS)}")


class Looks:
    def __init__(self, service):
        self.service = service
        self.passed = 0
        self.failures = []

    def check(self, truth, what):
        if truth:
            self.passed += 1
        else:
            self.failures.append(what)
            print("FAILED:", what)

    def look(self, page, path, width):
        response = page.goto(self.service + path)
        name = f"{path} at {width}"
        self.check(response.status == 200, f"{name}: status {response.status}")
        self.judge(page, name)

    def judge(self, page, name):
        """The page as it stands, with axe; it must be allowed to run script."""
        sound(page, self.check, name)
        self.read(page, name)

    def measure(self, page, name):
        """What can be asked of a page without script too; axe does not end there."""
        self.check(page.evaluate(OVER_THE_EDGE) <= 0, f"{name}: something runs over the edge")
        self.read(page, name)

    def read(self, page, name):
        missing = page.locator("body").inner_text().count("⟦")
        self.check(missing == 0, f"{name}: {missing} words are missing")

    def look_at_all(self, browser, public, staff, state):
        """At a desk's and a phone's width: what everyone sees, and what the account sees besides."""
        for width, mobile in ((1280, False), (390, True)):
            errors = []
            for paths, kept in ((public, None), (staff, state)):
                context = browser.new_context(viewport={"width": width, "height": 900}, is_mobile=mobile, storage_state=kept)
                page = context.new_page()
                page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
                for path in paths:
                    self.look(page, path, width)
                context.close()
            self.check(not errors, f"console at {width}: {errors[:3]}")

    def end(self, name):
        print(f"{name}: {self.passed} passed, {len(self.failures)} failed")
        sys.exit(1 if self.failures else 0)


def sign_in(context, gateway, password):
    """As the account "chief"; leaves a page open."""
    page = context.new_page()
    page.goto(gateway + "/gateway/sign-in")
    page.fill("#login", "chief")
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/gateway/")
    return page
