"""200 phones over keep-alive connections, each asking about twice a second at times of its own: guide_load.py PORT ITEM SECONDS
Prints requests, failures, and the median and 99th percentile of each kind in milliseconds."""

import asyncio
import random
import sys
import time

port, item, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
paths = {
    "search": "/guide/search?q=%E5%BC%80%E5%B0%8F%E5%8D%96%E9%83%A8",
    "item": f"/guide/items/{item}",
    "suggest": "/guide/v1/suggestions?q=%E5%AD%A9%E5%AD%90",
    "home": "/guide/",
}
times = {name: [] for name in paths}
failures = 0


async def phone(seed):
    global failures
    chance = random.Random(seed)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    until = time.monotonic() + seconds
    await asyncio.sleep(chance.random())
    while time.monotonic() < until:
        name = chance.choices(list(paths), [4, 4, 2, 1])[0]
        accept = "application/json" if name == "suggest" else "text/html"
        began = time.monotonic()
        writer.write(f"GET {paths[name]} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(next(l.split(b":")[1] for l in head.split(b"\r\n") if l.lower().startswith(b"content-length")))
        await reader.readexactly(length)
        times[name].append(time.monotonic() - began)
        failures += b" 200 " not in head[:16]
        await asyncio.sleep(chance.uniform(0.2, 0.8))
    writer.close()


async def main():
    await asyncio.gather(*(phone(number) for number in range(200)))
    for name, all_times in times.items():
        all_times.sort()
        print(f"{name}: {len(all_times)} requests, p50 {all_times[len(all_times) // 2] * 1000:.1f} ms, "
              f"p99 {all_times[len(all_times) * 99 // 100] * 1000:.1f} ms")
    print(f"failures: {failures}")


asyncio.run(main())
