// What needs a script, and nothing else: suggestions while typing, the ticks kept on this phone, reading aloud.
(() => {
  "use strict";

  const input = document.querySelector("[data-suggest]");
  const list = document.getElementById("suggestions");
  if (input && list) {
    let last = 0;
    let timer;
    input.setAttribute("aria-controls", "suggestions");
    input.addEventListener("input", (event) => {
      clearTimeout(timer);
      // While pinyin is being composed there is no text yet to look for.
      if (event.isComposing) return;
      timer = setTimeout(() => suggest(input.value.trim()), 120);
    });
    input.addEventListener("compositionend", () => suggest(input.value.trim()));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") list.hidden = true;
    });
    async function suggest(text) {
      const turn = ++last;
      if (!text) return show([]);
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text.slice(0, 100))}`);
        if (answer.ok && turn === last) show((await answer.json()).items);
      } catch {
        // Without a network the search itself says so.
      }
    }
    function show(items) {
      list.replaceChildren(
        ...items.map((item) => {
          const link = document.createElement("a");
          link.href = `/guide/items/${encodeURIComponent(item.code)}`;
          link.textContent = item.name;
          const line = document.createElement("li");
          line.append(link);
          return line;
        })
      );
      list.hidden = items.length === 0;
    }
  }

  const checklist = document.querySelector("[data-checklist]");
  if (checklist) {
    const key = `checklist ${checklist.dataset.checklist}`;
    const name = (box) => box.closest("label").textContent.trim();
    let kept = [];
    try {
      kept = JSON.parse(localStorage.getItem(key) || "[]");
    } catch {
      // Nothing readable was kept.
    }
    for (const box of checklist.querySelectorAll("input")) {
      box.checked = kept.includes(name(box));
      box.addEventListener("change", () => {
        const ticked = [...checklist.querySelectorAll("input:checked")].map(name);
        try {
          localStorage.setItem(key, JSON.stringify(ticked));
        } catch {
          // A full or closed store: the ticks last as long as the page.
        }
      });
    }
  }

  const share = document.querySelector(".share");
  if (share && "share" in navigator) {
    share.hidden = false;
    share.querySelector("button").addEventListener("click", () => {
      // Whoever closes the phone's own dialog has not shared, and that is no fault.
      navigator.share({ title: document.title, url: location.href }).catch(() => {});
    });
  }

  const reader = document.querySelector(".read-aloud");
  if (reader && "speechSynthesis" in window) {
    const button = reader.querySelector("button");
    reader.hidden = false;
    button.addEventListener("click", () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        button.textContent = button.dataset.read;
        return;
      }
      const text = ["h1", ".lead", "#conditions", "#materials", "#steps", "#where"]
        .map((place) => document.querySelector(place)?.innerText || "")
        .join("。");
      const speech = new SpeechSynthesisUtterance(text);
      speech.lang = document.documentElement.lang;
      speech.rate = 0.9;
      speech.onend = () => (button.textContent = button.dataset.read);
      button.textContent = button.dataset.stop;
      speechSynthesis.speak(speech);
    });
  }
})();
