"""Many people press at the same moment for the seats of one class, at two copies of the service.
usage: rush.py PORT PORT CLASS PEOPLE"""

import http.client
import random
import sys
import threading
import time
from urllib.parse import urlencode

ports, training_class, people = (int(sys.argv[1]), int(sys.argv[2])), sys.argv[3], int(sys.argv[4])
characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def number(index):
    body = "1504021991" + f"{1 + index // 28 % 12:02d}{1 + index % 28:02d}" + f"{100 + index // 336:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


def token(index):
    return "".join(random.Random(index).choices(characters, k=43))


ready, go, answers = threading.Barrier(people + 1), threading.Event(), [None] * people


def press(index):
    connection = http.client.HTTPConnection("127.0.0.1", ports[index % 2], timeout=30)
    connection.connect()
    form = urlencode({"token": token(index), "name": f"学员{index}", "number": number(index),
                      "phone": f"138{index:08d}", "residence": "rural", "living": "150402000000",
                      "group-rural-transfer": "1"})
    ready.wait()
    go.wait()
    try:
        connection.request("POST", f"/training/open/{training_class}/sign-up", form,
                           {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"})
        answer = connection.getresponse()
        text = answer.read().decode()
        answers[index] = (answer.status, "seated" if "报名成功，已录取" in text else "waiting" if "候补名单" in text else text[:300])
    except Exception as error:
        answers[index] = (0, repr(error))


threads = [threading.Thread(target=press, args=(index,)) for index in range(people)]
for thread in threads:
    thread.start()
ready.wait()
began = time.monotonic()
go.set()
for thread in threads:
    thread.join()
seconds = time.monotonic() - began
seated = sum(1 for answer in answers if answer == (200, "seated"))
waiting = sum(1 for answer in answers if answer == (200, "waiting"))
others = [answer for answer in answers if answer not in ((200, "seated"), (200, "waiting"))]
print(f"{seated} {waiting} {len(others)} {seconds:.2f}")
for answer in others[:3]:
    print(answer, file=sys.stderr)
