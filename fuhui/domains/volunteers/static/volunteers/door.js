// Typed and scanned codes are kept on the phone until the network takes them; each has its own id, so none counts twice.
"use strict";
(() => {
  const KEPT = "fuhui-scans";
  const form = document.querySelector("[data-door]");
  const said = document.querySelector("[data-door-said]");
  if (!form || !said) return;
  const read = () => JSON.parse(localStorage.getItem(KEPT) || "[]");
  const keep = (scans) => localStorage.setItem(KEPT, JSON.stringify(scans));
  const tell = (words, tone) => { said.textContent = words; said.dataset.tone = tone; said.hidden = false; };

  // `crypto.randomUUID` is missing on pages without https, as a community's own machine often has them.
  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  };

  async function send(scan) {
    const body = new FormData(form);
    for (const [name, value] of Object.entries(scan)) body.set(name, value);
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.status >= 500) throw new Error("server");
    const { outcome, message } = await answer.json();
    tell(message, ["in", "out", "again"].includes(outcome) ? "done" : "late");
  }

  async function flush() {
    for (const scan of read()) {
      try { await send(scan); } catch { return tell("没有网络，已存在手机里，有网络时自动送出。", "soon"); }
      keep(read().filter((one) => one.client_uuid !== scan.client_uuid));
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const digits = form.elements.digits.value;
    if (digits.replace(/\D/g, "").length !== 8) return tell("签到码是 8 位数字，请再看一眼现场的屏幕。", "late");
    take({ shift: form.elements.shift.value, digits });
    form.elements.digits.value = "";
  });

  function take(code) {
    keep([...read(), { ...code, at: new Date().toISOString(), client_uuid: newId() }]);
    flush();
  }

  // The camera is offered where the browser itself reads QR codes; everywhere else the digits do.
  const box = document.querySelector("[data-door-camera]");
  const video = box?.querySelector("video");
  // Whatever name the leader's screen calls this site by: the seal in the code is what the server goes by.
  const written = (text) => text.match(/^https?:\/\/[^/]+\/volunteers\/scan\/([^/?#]+)\/$/)?.[1];

  async function offerCamera() {
    if (!box || !navigator.mediaDevices?.getUserMedia || !("BarcodeDetector" in window)) return;
    const kinds = await BarcodeDetector.getSupportedFormats();
    box.hidden = !kinds.includes("qr_code");
  }

  const stop = () => {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    box.removeAttribute("data-on");
  };

  async function look(detector) {
    while (video.srcObject) {
      const found = video.readyState >= 2 ? await detector.detect(video) : [];
      const code = found.map((one) => written(one.rawValue)).find(Boolean);
      if (code && video.srcObject) { stop(); return take({ code: decodeURIComponent(code) }); }
      if (found.length) tell("这不是本社区的签到码，请对准现场屏幕上的码。", "late");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async function scan() {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      box.setAttribute("data-on", "");
      await video.play();
      await look(new BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      stop();
      tell("打不开相机。请允许使用相机，或输入屏幕上的 8 位数字。", "late");
    }
  }

  box?.querySelector("[data-door-scan]").addEventListener("click", () => (video.srcObject ? stop() : scan()));
  addEventListener("pagehide", () => video && stop());
  offerCamera();
  addEventListener("online", flush);
  flush();
})();
