// Typed codes are kept on the phone until the network takes them; each has its own id, so none counts twice.
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
    keep([...read(), {
      shift: form.elements.shift.value, digits, at: new Date().toISOString(), client_uuid: newId(),
    }]);
    form.elements.digits.value = "";
    flush();
  });
  addEventListener("online", flush);
  flush();
})();
