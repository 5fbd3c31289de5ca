"""The remote helper in real browsers with fake cameras: a citizen and two helpers in windows of their own. Both sides see
moving video; chat both ways, a picture, a reload, a hand-over, the rating; a citizen without a camera; no JavaScript; axe.

usage: session_test.py GUIDE GATEWAY PASSWORD_OF_WULAN PASSWORD_OF_SUHE
MINSHENG_PICTURES names a folder for a picture of every page.
"""

import os
import re
import struct
import sys
import time
import zlib

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

guide, gateway, wulan_password, suhe_password = sys.argv[1:5]
pictures = os.environ.get("MINSHENG_PICTURES")
passed, failures = 0, []
fake = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def check(truth, what):
    global passed
    if truth:
        passed += 1
    else:
        failures.append(what)
        print("FAILED:", what)


def picture(page, name):
    if pictures:
        page.screenshot(path=f"{pictures}/{name}.png", full_page=True)


def look(page, name):
    """Nothing for axe, nothing over the edge."""
    picture(page, name)
    found = Axe().run(page).response["violations"]
    check(not found, f"{name}: axe {[(v['id'], v['nodes'][0]['html'][:120]) for v in found]}")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    check(overflow <= 0, f"{name}: {overflow} px run over the edge")


def png(width=64, height=48):
    """A small red picture."""
    rows = b"".join(b"\0" + b"\xc0\x20\x20" * width for _ in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


MOVES = """async () => {
    const video = document.getElementById("remote");
    const frame = () => {
        const canvas = document.createElement("canvas");
        canvas.width = 160; canvas.height = 120;
        const paint = canvas.getContext("2d");
        paint.drawImage(video, 0, 0, 160, 120);
        return paint.getImageData(0, 0, 160, 120).data;
    };
    const first = { time: video.currentTime, frame: frame() };
    await new Promise((done) => setTimeout(done, 1000));
    const second = { time: video.currentTime, frame: frame() };
    let differing = 0;
    for (let i = 0; i < first.frame.length; i += 4)
        if (Math.abs(first.frame[i] - second.frame[i]) + Math.abs(first.frame[i + 1] - second.frame[i + 1]) > 24) differing++;
    return { seconds: second.time - first.time, differing, width: video.videoWidth,
             audio: video.srcObject ? video.srcObject.getAudioTracks().length : 0 };
}"""


def until(page, expression, what, within=10):
    """Waits for a condition; the page's own policy lets nothing be polled within it."""
    started = time.time()
    while time.time() - started < within:
        if page.evaluate(expression):
            check(True, what)
            return
        time.sleep(0.1)
    check(False, what)


def sees_video(page, who, within=20):
    """Waits until the other side's picture moves."""
    started, last = time.time(), None
    while time.time() - started < within:
        if page.evaluate("Boolean(document.getElementById('remote'))"):
            last = page.evaluate(MOVES)
            if last["seconds"] > 0.3 and last["differing"] > 20 and last["width"] > 0:
                check(True, who)
                print(f"  {who}: moving after {time.time() - started:.1f} s, {last}")
                return
        time.sleep(0.2)
    check(False, f"{who}: no moving video: {last}, caption {page.inner_text('#call-state')!r}")


def sign_in(browser, login, given_out):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(guide + "/guide/helper")
    page.fill("#login", login)
    page.fill("#password", given_out)
    page.keyboard.press("Enter")
    page.wait_for_url("**/gateway/account")
    chosen = "草原 骏马 奶茶 四十二号"
    page.fill("#old", given_out)
    page.fill("#new", chosen)
    page.fill("#again", chosen)
    page.keyboard.press("Enter")
    page.wait_for_url("**/gateway/")
    page.goto(guide + "/guide/helper")
    check(page.url == guide + "/guide/helper", f"{login} is at the helpers' desk: {page.url}")
    return context, page


def quiet(page, who):
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: errors.append(str(fault)))
    complaints.append((who, errors))


complaints = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=fake)
    wulan_context, wulan = sign_in(browser, "wulan", wulan_password)
    suhe_context, suhe = sign_in(browser, "suhe", suhe_password)
    for page, who in ((wulan, "wulan"), (suhe, "suhe")):
        quiet(page, who)
    look(wulan, "helper-queue-empty")

    # A citizen without an account asks from an item's page, on a phone.
    phone = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
    citizen = phone.new_page()
    quiet(citizen, "citizen")
    citizen.goto(guide + "/guide/search?q=" + "食品经营许可")
    citizen.locator(".hits a").first.click()
    citizen.get_by_text("找人帮办", exact=True).click()
    look(citizen, "help-390")
    citizen.fill("#name", "王女士")
    citizen.fill("#topic", "开小卖部要带什么")
    citizen.get_by_role("button", name="现在排队").click()
    citizen.wait_for_url("**/guide/help/rooms/*")
    room = citizen.url
    check("下一位就是您" in citizen.inner_text("#place"), "the citizen is told to be next")
    look(citizen, "help-waiting-390")

    # The desk brings itself up to date; the first helper takes the citizen.
    wulan.wait_for_selector("text=王女士", timeout=15000)
    look(wulan, "helper-queue")
    wulan.get_by_role("button", name="接下一位").click()
    wulan.wait_for_url("**/guide/helper/sessions/*")
    citizen.wait_for_selector("#remote", state="attached", timeout=10000)
    sees_video(wulan, "the helper sees the citizen")
    sees_video(citizen, "the citizen sees the helper")
    check(citizen.evaluate(MOVES)["audio"] == 1, "there is sound beside the picture")
    citizen.wait_for_selector("[data-progress=connected]")
    check(not citizen.is_visible("#retry"), "nothing is to be retried while connected")
    look(citizen, "help-serving-390")
    look(wulan, "helper-session")

    # Chat both ways, typing shown.
    citizen.locator("#text").press_sequentially("要不要房产证？", delay=20)
    until(wulan, "document.getElementById('typing').textContent.includes('正在输入')", "typing is shown")
    citizen.keyboard.press("Enter")
    wulan.wait_for_selector("#said >> text=要不要房产证？", timeout=5000)
    wulan.fill("#text", "租房合同也可以。<b>不要</b>原件")
    wulan.keyboard.press("Enter")
    citizen.wait_for_selector("#said >> text=租房合同也可以。<b>不要</b>原件", timeout=5000)
    check(citizen.locator("#said li").count() == 2, "each text stands once")

    # A picture, shown to the other side; what is none is told.
    citizen.set_input_files("#file", {"name": "id.png", "mimeType": "image/png", "buffer": png()})
    citizen.get_by_role("button", name="发送图片").click()
    wulan.wait_for_selector("#said img", timeout=10000)
    until(wulan, "document.querySelector('#said img').naturalWidth === 64", "the helper sees the picture")
    citizen.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
    citizen.get_by_role("button", name="发送图片").click()
    until(citizen, "document.getElementById('chat-fault').textContent.includes('JPEG、PNG 或 WebP')", "no picture is told")
    complaints[-1][1].clear()  # the refusal stands on the console too

    # The citizen's window is loaded anew: the room is the same, the video comes back on both sides.
    citizen.reload()
    sees_video(citizen, "after the reload the citizen sees the helper")
    sees_video(wulan, "after the reload the helper sees the citizen")
    check(citizen.locator("#said li").count() == 3, "what was said is still there")

    # The address alone brings the room back, in another window too.
    citizen.close()
    citizen = phone.new_page()
    quiet(citizen, "citizen again")
    citizen.goto(room)
    sees_video(citizen, "after closing and coming back the citizen sees the helper")

    # The helper's window too.
    wulan.reload()
    sees_video(wulan, "after the helper's reload the helper sees the citizen")
    sees_video(citizen, "after the helper's reload the citizen sees the helper")

    # Camera off and on again is told to the other side.
    citizen.click("#camera")
    off = "document.getElementById('call-state').textContent.includes('对方没有开摄像头')"
    until(wulan, off, "the camera's being off is told")
    citizen.click("#camera")
    until(wulan, "!" + off, "the camera's being on is told")

    # Before the helper's sign-in ends the page is loaded anew; here it is told to be soon. What was typed stays.
    def hurry(route):
        response = route.fetch()
        route.fulfill(response=response, body=re.sub(r'data-renew="\d+"', 'data-renew="2"', response.text()))

    wulan.route("**/guide/helper/sessions/*", hurry, times=1)
    wulan.reload()
    first_page = wulan.evaluate("document.getElementById('call').dataset.renew + ' ' + performance.timeOrigin")
    wulan.fill("#notes", "半句话")
    time.sleep(4)
    check(first_page.startswith("2 ") and first_page != wulan.evaluate(
        "document.getElementById('call').dataset.renew + ' ' + performance.timeOrigin"), "the page was loaded anew")
    check(wulan.input_value("#notes") == "半句话", "half a sentence outlasts it")
    sees_video(citizen, "after the renewal the citizen sees the helper")

    # The citizen's network breaks for some seconds: what was said meanwhile comes afterwards, once.
    phone.set_offline(True)
    time.sleep(2)
    wulan.fill("#text", "断网时说的话")
    wulan.keyboard.press("Enter")
    wulan.wait_for_selector("#said >> text=断网时说的话", timeout=5000)
    phone.set_offline(False)
    citizen.wait_for_selector("#said >> text=断网时说的话", timeout=15000)
    check(citizen.locator("#said >> text=断网时说的话").count() == 1, "what was missed comes once")
    sees_video(citizen, "after the break the citizen sees the helper")
    complaints[-1][1].clear()  # the browser notes the broken requests

    # Hand-over to the second helper: the room goes on.
    suhe.reload()
    wulan.reload()
    wulan.wait_for_selector("#to option:has-text('苏和')", state="attached")
    wulan.select_option("#to", label="苏和")
    wulan.get_by_role("button", name="转交").click()
    wulan.wait_for_url("**/guide/helper")
    suhe.wait_for_selector("text=王女士", timeout=15000)
    suhe.get_by_role("link", name="王女士").click()
    suhe.wait_for_url("**/guide/helper/sessions/*")
    check("要不要房产证？" in suhe.inner_text("#said"), "the second helper sees what was said")
    check("乌兰" in suhe.inner_text("#said"), "and by whom")
    sees_video(suhe, "after the hand-over the second helper sees the citizen")
    sees_video(citizen, "after the hand-over the citizen sees the second helper")
    response = wulan.goto(suhe.url)
    check(response.status == 409, f"the first helper has left the room: {response.status}")
    complaints[0][1].clear()
    suhe.fill("#text", "我接着帮您")
    suhe.keyboard.press("Enter")
    citizen.wait_for_selector("#said >> text=我接着帮您", timeout=5000)

    # Notes, the end, the rating.
    suhe.fill("#notes", "材料齐了")
    suhe.select_option("#outcome", label="已解答")
    suhe.get_by_role("button", name="结束会话").click()
    suhe.wait_for_url("**/guide/helper")
    citizen.wait_for_selector("text=会话已结束", timeout=10000)
    look(citizen, "help-ended-390")
    citizen.get_by_text("5 非常满意").click()
    citizen.fill("#word", "讲得清楚")
    citizen.get_by_role("button", name="提交评价").click()
    citizen.wait_for_selector("text=已收到您的评价")
    check(True, "the rating is taken")

    # A booking by keyboard and pointer on a wide screen.
    wide = browser.new_context(viewport={"width": 1280, "height": 900})
    booking = wide.new_page()
    booking.goto(guide + "/guide/help/booking")
    look(booking, "help-booking-1280")
    booking.locator("input[name=slot]:enabled").first.check()
    booking.fill("#name", "李先生")
    booking.get_by_role("button", name="预约这个时段").click()
    booking.wait_for_url("**/guide/help/rooms/*")
    look(booking, "help-booked-1280")
    booking.get_by_role("button", name="取消预约").click()
    booking.wait_for_selector("text=预约已取消")
    check(True, "a booking is made and cancelled")
    wide.close()

    # Without JavaScript: the queue, then chat by form.
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(guide + "/guide/help")
    page.fill("#name", "老张")
    page.get_by_role("button", name="现在排队").click()
    check("下一位就是您" in page.inner_text("#place"), "the place is shown without a script")
    wulan.goto(guide + "/guide/helper")
    wulan.get_by_role("button", name="接下一位").click()
    wulan.wait_for_url("**/guide/helper/sessions/*")
    page.reload()
    check("不能视频" in page.inner_text("main"), "the page says that there is no video")
    page.fill("#text", "我没有智能手机")
    page.get_by_role("button", name="发送", exact=True).click()
    wulan.wait_for_selector("#said >> text=我没有智能手机", timeout=5000)
    wulan.fill("#text", "可以来大厅")
    wulan.keyboard.press("Enter")
    wulan.wait_for_selector("#said >> text=可以来大厅")
    page.reload()
    check("可以来大厅" in page.inner_text("#said"), "the answer is there after a reload")
    wulan.get_by_role("button", name="结束会话").click()
    wulan.wait_for_url("**/guide/helper")
    plain.close()
    for who, errors in complaints:
        check(not errors, f"console of {who}: {errors[:3]}")
    phone.close()

    # Camera and microphone denied: it goes on, said in words, and the helper's picture still comes.
    denied = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--deny-permission-prompts"])
    context = denied.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
    citizen = context.new_page()
    citizen.goto(guide + "/guide/help")
    citizen.fill("#name", "无镜头")
    citizen.get_by_role("button", name="现在排队").click()
    wulan.goto(guide + "/guide/helper")
    wulan.get_by_role("button", name="接下一位").click()
    wulan.wait_for_url("**/guide/helper/sessions/*")
    citizen.wait_for_selector("#remote", state="attached", timeout=10000)
    sees_video(citizen, "without a camera the citizen sees the helper")
    check("没有用摄像头和麦克风" in citizen.inner_text("#call-state"), "it is said what goes without")
    until(wulan, "document.getElementById('call-state').textContent.includes('请看文字')", "the helper is told to use the chat")
    look(citizen, "help-denied-390")
    citizen.fill("#text", "我打字")
    citizen.keyboard.press("Enter")
    wulan.wait_for_selector("#said >> text=我打字", timeout=5000)
    citizen.get_by_role("button", name="结束会话").click()
    citizen.wait_for_selector("text=会话已结束")
    denied.close()
    browser.close()

print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
