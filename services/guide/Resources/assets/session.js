// A room between a citizen and a helper: video by WebRTC, chat, pictures; signals go by POST and come by server-sent
// events. Both sides run this; the citizen's side is the polite one when both offer at once.
(() => {
  "use strict";

  const board = document.querySelector("[data-reload]");
  if (board) keepFresh(board);
  const root = document.getElementById("call");
  if (!root) return;

  const byID = (id) => document.getElementById(id);
  const words = JSON.parse(root.dataset.words);
  const { side, state, signal: signalAddress } = root.dataset;
  const polite = side === "citizen";
  const remote = byID("remote");
  let page = newPage();
  let last = Number(root.dataset.after);
  let source;
  let isLeaving = false;

  // --- What the stream brings -------------------------------------------------------------------------------------

  function follow() {
    source = new EventSource(`${root.dataset.events}?after=${last}`);
    source.onmessage = (event) => {
      const message = JSON.parse(event.data);
      last = message.sequence;
      take(message);
    };
    source.onopen = () => root.removeAttribute("data-offline");
    source.addEventListener("place", (event) => showPlace(JSON.parse(event.data)));
    source.addEventListener("over", reload);
    source.onerror = () => {
      root.dataset.offline = "true";
      caption();
      // The browser tries again by itself after a broken connection, but not after a refusal.
      if (source.readyState === EventSource.CLOSED && !isLeaving) setTimeout(again, 2000);
    };
    source.addEventListener("open", caption);
  }

  /// Where the page itself leads elsewhere now (the sign-in has expired, the room is gone), it is loaded anew.
  async function again() {
    try {
      const answer = await fetch(location.href, { method: "HEAD", redirect: "manual", headers: { Accept: "text/html" } });
      if (answer.ok) follow();
      else if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) reload();
      else setTimeout(again, 2000);
    } catch {
      setTimeout(again, 2000);
    }
  }

  function reload() {
    if (isLeaving) return;
    isLeaving = true;
    if (source) source.close();
    keepDrafts();
    location.reload();
  }

  // --- What was typed and not sent outlasts a reload ---------------------------------------------------------------

  const draftKey = `draft ${location.pathname}`;
  const fields = () => document.querySelectorAll("main textarea, main select, main input[type=text], main input[type=date]");

  function keepDrafts() {
    try {
      sessionStorage.setItem(draftKey, JSON.stringify(Array.from(fields(), (field) => [field.id, field.value])));
    } catch {
      // A full or closed store.
    }
  }

  function takeDrafts() {
    try {
      for (const [id, value] of JSON.parse(sessionStorage.getItem(draftKey) || "[]")) {
        if (value && byID(id)) byID(id).value = value;
      }
      sessionStorage.removeItem(draftKey);
    } catch {
      // Nothing readable was kept.
    }
  }

  function showPlace(place) {
    const text = place.ahead === 0 ? words["place.next"] : words.place;
    byID("place").textContent = text.replace("{n}", place.ahead).replace("{minutes}", place.minutes);
  }

  let signals = Promise.resolve();
  function take(message) {
    if (message.kind === "state") {
      const now = JSON.parse(message.content);
      if (now.state !== state) reload();
      else if (side === "citizen" && now.helper) words.other = now.helper;
    } else if (message.kind === "chat" || message.kind === "picture") {
      show(message);
    } else if (message.page !== page && message.sender !== side) {
      if (message.kind === "typing") showTyping();
      // One after the other, and none before camera and microphone are settled.
      else if (remote) signals = signals.then(() => media).then(() => heed(message)).catch(() => {});
    }
  }

  // --- What this side sends ---------------------------------------------------------------------------------------

  async function post(kind, content, to) {
    const body = { kind, page };
    if (content !== undefined) body.content = content;
    if (to) body.to = to;
    return fetch(signalAddress, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    });
  }

  let outgoing = Promise.resolve();
  /// In order; what the network or the rate refuses is sent again a few times.
  function tell(kind, content, to) {
    outgoing = outgoing.then(async () => {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        try {
          const answer = await post(kind, content, to);
          if (answer.status === 401) reload();
          if (answer.ok || (answer.status < 500 && answer.status !== 429)) return;
        } catch {
          // No network just now.
        }
        await new Promise((done) => setTimeout(done, 500 * (attempt + 1)));
      }
    });
    return outgoing;
  }

  // --- Camera and microphone --------------------------------------------------------------------------------------

  let stream = null;
  let note = "";
  let otherNote = "";
  const kinds = (of) => (of ? of.getTracks().filter((track) => track.enabled).map((track) => track.kind) : []);

  async function open() {
    if (!navigator.mediaDevices) {
      note = "insecure";
      return;
    }
    const video = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" };
    // A camera that is missing or denied does not take the sound away.
    for (const wish of [{ audio: true, video }, { audio: true }, { video }]) {
      try {
        stream = await navigator.mediaDevices.getUserMedia(wish);
        break;
      } catch {
        stream = null;
      }
    }
    byID("local").srcObject = stream;
    noteMedia();
  }

  function noteMedia() {
    const own = kinds(stream);
    note = own.includes("video") ? "" : own.includes("audio") ? "noCamera" : "chatOnly";
    byID("local").hidden = !own.includes("video");
    for (const [id, kind] of [["camera", "video"], ["microphone", "audio"]]) {
      const isOn = own.includes(kind);
      byID(id).textContent = words[`${id}.${isOn ? "off" : "on"}`];
      byID(id).setAttribute("aria-pressed", String(isOn));
    }
    caption();
    if (peer) tell("media", own.join(" ") || "none", peer);
  }

  async function toggle(kind) {
    let track = stream && stream.getTracks().find((each) => each.kind === kind);
    if (track) {
      track.enabled = !track.enabled;
    } else {
      try {
        const more = await navigator.mediaDevices.getUserMedia({ [kind]: true });
        [track] = more.getTracks();
        if (!stream) stream = new MediaStream();
        stream.addTrack(track);
        byID("local").srcObject = stream;
        if (call) call.addTrack(track, stream);
      } catch {
        // Denied again: the caption says what goes without.
      }
    }
    noteMedia();
  }

  // --- The call: perfect negotiation ------------------------------------------------------------------------------

  let call = null;
  let peer = null;
  let isOffering = false;
  let ignoresOffer = false;
  let isAnswerPending = false;
  let progress = "starting";
  let restarts = 0;
  let rounds = 0;
  let timer;

  function meet(other) {
    if (peer === other && call && call.connectionState !== "failed" && call.connectionState !== "closed") return;
    if (call) call.close();
    peer = other;
    restarts = 0;
    isOffering = ignoresOffer = isAnswerPending = false;
    otherNote = "";
    const mine = new RTCPeerConnection({ iceServers: JSON.parse(root.dataset.ice) });
    call = mine;
    progress = "connecting";
    const own = stream ? stream.getTracks() : [];
    for (const track of own) mine.addTrack(track, stream);
    // The helper's side asks for both kinds, so that the citizen's picture comes whatever the helper has.
    if (!polite) {
      for (const kind of ["audio", "video"]) {
        if (!own.some((track) => track.kind === kind)) mine.addTransceiver(kind, { direction: "recvonly" });
      }
    }
    mine.onnegotiationneeded = async () => {
      // The first offer is the helper's, who asks for all there is: two at once would be settled too, but Chromium's
      // gathering sometimes does not survive the rollback.
      if (polite && !mine.remoteDescription) return;
      try {
        isOffering = true;
        await mine.setLocalDescription();
        tell("description", JSON.stringify(mine.localDescription), other);
      } catch {
        // The connection was closed meanwhile.
      } finally {
        isOffering = false;
      }
    };
    mine.onicecandidate = ({ candidate }) => {
      if (candidate) tell("candidate", JSON.stringify(candidate), other);
    };
    mine.ontrack = ({ track, streams }) => {
      const incoming = streams[0] || remote.srcObject || new MediaStream();
      if (!incoming.getTracks().includes(track)) incoming.addTrack(track);
      if (remote.srcObject !== incoming) remote.srcObject = incoming;
      byID("pictures").hidden = false;
      play();
    };
    mine.onconnectionstatechange = () => {
      if (mine === call) watch(mine);
    };
    clearTimeout(timer);
    timer = setTimeout(() => restart(mine), 8000);
    caption();
  }

  function watch(mine) {
    clearTimeout(timer);
    byID("retry").hidden = true;
    switch (mine.connectionState) {
      case "connected":
        progress = "connected";
        restarts = rounds = 0;
        tell("media", kinds(stream).join(" ") || "none", peer);
        break;
      case "disconnected":
        progress = "reconnecting";
        timer = setTimeout(() => restart(mine), 3000);
        break;
      case "failed":
        progress = "reconnecting";
        restart(mine);
        break;
      case "connecting":
        timer = setTimeout(() => restart(mine), 8000);
        break;
      default:
    }
    caption();
  }

  /// New candidates first, then a new connection, then the reader decides.
  function restart(mine) {
    if (mine !== call || mine.connectionState === "connected") return;
    clearTimeout(timer);
    if (restarts < 2) {
      restarts += 1;
      mine.restartIce();
      timer = setTimeout(() => restart(mine), 6000);
    } else if (rounds < 2) {
      rounds += 1;
      anew();
    } else {
      progress = "failed";
      byID("retry").hidden = false;
      caption();
    }
  }

  /// As a page that is new to the other side: both make a new connection.
  function anew() {
    page = newPage();
    peer = null;
    progress = "lookingForOther";
    tell("hello");
    caption();
  }

  async function heed(message) {
    switch (message.kind) {
      case "hello":
        tell("welcome", undefined, message.page);
        meet(message.page);
        return;
      case "welcome":
        if (message.to === page) meet(message.page);
        return;
      default:
    }
    if (message.page !== peer || !call) return;
    if (message.kind === "hang-up") {
      progress = "otherLeft";
      return caption();
    }
    if (message.kind === "media") {
      otherNote = message.content.includes("video") ? "" : message.content === "none" ? "otherChatOnly" : "otherNoCamera";
      return caption();
    }
    if (message.to !== page) return;
    const mine = call;
    if (message.kind === "candidate") {
      try {
        await mine.addIceCandidate(JSON.parse(message.content));
      } catch (fault) {
        if (!ignoresOffer) throw fault;
      }
    } else if (message.kind === "description") {
      const description = JSON.parse(message.content);
      const isReady = !isOffering && (mine.signalingState === "stable" || isAnswerPending);
      ignoresOffer = description.type === "offer" && !isReady && !polite;
      if (ignoresOffer) return;
      isAnswerPending = description.type === "answer";
      try {
        await mine.setRemoteDescription(description);
      } finally {
        isAnswerPending = false;
      }
      if (description.type === "offer") {
        await mine.setLocalDescription();
        tell("description", JSON.stringify(mine.localDescription), peer);
      }
    }
  }

  function play() {
    remote.play().then(
      () => (byID("listen").hidden = true),
      (fault) => {
        // Browsers let nobody be heard who was not asked for by a tap.
        if (fault.name === "NotAllowedError") byID("listen").hidden = false;
      }
    );
  }

  function caption() {
    const line = byID("call-state");
    if (!line) return;
    const parts = [root.dataset.offline ? "offline" : progress, note, progress === "connected" ? otherNote : ""];
    line.dataset.progress = progress;
    line.textContent = parts.filter(Boolean).map((key) => words[key]).join(" ");
  }

  let media = Promise.resolve();
  if (remote) {
    caption();
    byID("camera").addEventListener("click", () => toggle("video"));
    byID("microphone").addEventListener("click", () => toggle("audio"));
    byID("listen").addEventListener("click", play);
    byID("retry").addEventListener("click", () => {
      rounds = 0;
      byID("retry").hidden = true;
      anew();
    });
    media = open().then(() => {
      byID("call-buttons").hidden = !navigator.mediaDevices;
      byID("pictures").hidden = !kinds(stream).includes("video");
      progress = "lookingForOther";
      caption();
      tell("hello");
    });
    addEventListener("online", () => call && call.connectionState !== "connected" && call.restartIce());
    addEventListener("pagehide", () => {
      isLeaving = true;
      const body = JSON.stringify({ kind: "hang-up", page });
      navigator.sendBeacon(signalAddress, new Blob([body], { type: "application/json" }));
    });
  }
  // Where a form leads on, nothing is to come in between.
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) isLeaving = true;
  });
  takeDrafts();
  follow();
  // A helper's sign-in lasts a quarter of an hour; the page is loaded anew, by the gateway, before it ends.
  if (root.dataset.renew) setTimeout(reload, Number(root.dataset.renew) * 1000);

  // --- Chat and pictures ------------------------------------------------------------------------------------------

  function show(message) {
    const list = document.querySelector("#said ol");
    if (!list || list.querySelector(`[data-sequence="${message.sequence}"]`)) return;
    const line = document.createElement("li");
    line.className = `said-${message.sender}`;
    line.dataset.sequence = message.sequence;
    const who = message.name || (message.sender === side ? words.you : words.other);
    const head = document.createElement("span");
    head.className = "quiet";
    head.textContent = `${who} ${message.at}`;
    line.append(head);
    if (message.kind === "picture") {
      const link = document.createElement("a");
      link.href = `${root.dataset.address}/pictures/${encodeURIComponent(message.content)}`;
      link.target = "_blank";
      link.rel = "noopener";
      const image = document.createElement("img");
      image.src = link.href;
      image.alt = words.picture.replace("{who}", who);
      link.append(image);
      line.append(link);
    } else {
      const text = document.createElement("p");
      text.textContent = message.content;
      line.append(text);
    }
    list.append(line);
    byID("said").scrollTop = byID("said").scrollHeight;
    byID("typing").textContent = "";
  }

  let typingTimer;
  function showTyping() {
    const line = byID("typing");
    if (!line) return;
    line.textContent = words.typing;
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => (line.textContent = ""), 4000);
  }

  function complain(text) {
    const fault = byID("chat-fault");
    fault.textContent = text || "";
    fault.hidden = !text;
  }

  async function reason(answer) {
    if (answer.status === 429) return words.slow;
    if (answer.status === 413) return words.tooLarge;
    try {
      return (await answer.json()).detail || words.notSent;
    } catch {
      return words.notSent;
    }
  }

  const chat = byID("chat");
  if (chat) {
    const field = byID("text");
    let lastTyped = 0;
    field.addEventListener("input", () => {
      if (Date.now() - lastTyped < 3000) return;
      lastTyped = Date.now();
      post("typing").catch(() => {});
    });
    chat.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      complain("");
      try {
        const answer = await post("chat", text);
        if (answer.ok) field.value = "";
        else if (answer.status === 401) reload();
        else complain(await reason(answer));
      } catch {
        complain(words.notSent);
      }
      lastTyped = 0;
    });
  }

  const picture = byID("picture");
  if (picture) {
    picture.addEventListener("submit", async (event) => {
      event.preventDefault();
      const file = byID("file").files[0];
      if (!file) return;
      if (file.size > 10_000_000) return complain(words.tooLarge);
      if (!["image/jpeg", "image/png", "image/webp"].includes(file.type)) return complain(words.notPicture);
      complain(words.sending);
      try {
        const answer = await fetch(picture.action, {
          method: "POST", body: new FormData(picture), redirect: "manual", headers: { Accept: "application/json" },
        });
        if (answer.ok || answer.type === "opaqueredirect") {
          complain("");
          picture.reset();
        } else {
          complain(await reason(answer));
        }
      } catch {
        complain(words.notSent);
      }
    });
  }

  // --- The helpers' queue -----------------------------------------------------------------------------------------

  /// Brings the list up to date without taking the focus from whoever works in it.
  function keepFresh(list) {
    setInterval(async () => {
      try {
        const answer = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" } });
        // The sign-in has expired: the page itself goes by the gateway.
        if (answer.type === "opaqueredirect") location.reload();
        if (!answer.ok) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        const next = fresh.getElementById(list.id);
        if (!next || next.innerHTML === list.innerHTML || list.contains(document.activeElement)) return;
        list.replaceChildren(...next.childNodes);
        document.querySelector("main .lead").textContent = fresh.querySelector("main .lead").textContent;
      } catch {
        // Without a network the list stays as it was.
      }
    }, Number(list.dataset.reload) * 1000);
  }

  function newPage() {
    const bytes = crypto.getRandomValues(new Uint8Array(8));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
})();
