// What scripts add to pages that already work without them. Plain JavaScript, no build step.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const isDesk = () => matchMedia("(min-width: 1100px)").matches;
  root.classList.add("js");

  // --- toasts -----------------------------------------------------------------------------------
  const TOAST_MILLISECONDS = 8000;

  function toast(text, tone = "done") {
    const shelf = document.getElementById("toasts");
    if (!shelf || !text) return;
    const box = document.createElement("div");
    const words = document.createElement("p");
    const close = document.createElement("button");
    box.className = "toast";
    box.dataset.tone = tone;
    words.textContent = text;
    Object.assign(close, { type: "button", className: "toast-close", textContent: "×" });
    close.dataset.toastClose = "";
    close.setAttribute("aria-label", "关闭");
    box.append(words, close);
    shelf.append(box);
    fade(box);
  }

  function fade(box) {
    if (box.dataset.tone !== "late") setTimeout(() => box.remove(), TOAST_MILLISECONDS);
  }

  document.addEventListener("fuhui:toast", (event) => toast(event.detail.text, event.detail.tone));

  // --- htmx -------------------------------------------------------------------------------------
  function csrfToken() {
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return field ? field.value : cookie ? cookie[1] : "";
  }

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Trigger")) toast("没有成功，请刷新页面后再试一次。", "late");
  });
  document.addEventListener("htmx:sendError", () => toast("网络不通，内容还在页面上，请稍后再试。", "late"));
  document.addEventListener("htmx:confirm", (event) => {
    const link = event.detail.elt;
    if (link.closest("[data-desk-only]") && link.href && !isDesk()) {
      event.preventDefault();
      location.assign(link.href);
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.detail.elt));
  document.addEventListener("htmx:pushedIntoHistory", () => {
    all("[data-keys-list] .row").forEach((row) => {
      const link = row.querySelector("a.row-link");
      if (link && link.href === location.href) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
  });

  // --- forms: one tap sends once, and nothing typed is lost ---------------------------------------
  const STORE = "fuhui:draft:";
  const BUSY_MILLISECONDS = 10000;

  // While capturing, so that a refusal also reaches htmx, whose own listener sits on the form.
  document.addEventListener("submit", onSubmit, true);

  function onSubmit(event) {
    const form = event.target;
    const pressed = event.submitter;
    const question = pressed && pressed.dataset.confirm;
    if (form.dataset.sent || (question && !confirm(question))) return refuse(event);
    if ((form.getAttribute("method") || "get").toLowerCase() !== "post") return;
    form.dataset.sent = "1";
    if (pressed) pressed.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), BUSY_MILLISECONDS);
    all("[data-autosave]", form).forEach((field) => sessionStorage.setItem(STORE + "sent", field.dataset.autosave));
  }

  function refuse(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest && event.detail.elt.closest("form");
    if (form) release(form);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach(release));

  function release(form) {
    delete form.dataset.sent;
    all("[aria-busy=true]", form).forEach((button) => button.removeAttribute("aria-busy"));
  }

  document.addEventListener("input", (event) => {
    const key = event.target.dataset && event.target.dataset.autosave;
    if (key) sessionStorage.setItem(STORE + key, event.target.value);
  });

  // A draft that was sent and whose field is not shown again with an error has arrived: it is forgotten.
  function restoreDrafts(within) {
    const sent = sessionStorage.getItem(STORE + "sent");
    const refused = document.querySelector(".errors, [aria-invalid=true]");
    if (sent && !refused) sessionStorage.removeItem(STORE + sent);
    sessionStorage.removeItem(STORE + "sent");
    all("[data-autosave]", within).forEach((field) => {
      const kept = sessionStorage.getItem(STORE + field.dataset.autosave);
      if (kept && !field.value.trim()) field.value = kept;
    });
  }

  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // --- taps -------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const copier = at("[data-copy], [data-copy-text]");
    if (copier) copy(copier);
    if (at("[data-toast-close]")) at(".toast").remove();
    if (at("[data-open-menu]")) openMenu(event);
    if (at("[data-sheet-close]")) at("dialog").close();
    const opener = at("[data-sheet] > summary");
    if (opener) {
      event.preventDefault();
      openSheet(opener.parentElement);
    }
    all("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target) && !at("[data-open-menu]")) menu.open = false;
    });
  });

  function openMenu(event) {
    event.preventDefault();
    const menu = document.querySelector("details[data-menu]");
    menu.open = true;
    menu.querySelector("a, button").focus();
  }

  function openSheet(sheet) {
    const panel = sheet.querySelector(".sheet-panel");
    const dialog = document.createElement("dialog");
    dialog.className = "sheet-dialog";
    dialog.setAttribute("aria-label", panel.querySelector("h2").textContent);
    sheet.open = false;
    dialog.append(panel);
    sheet.after(dialog);
    dialog.addEventListener("close", () => {
      sheet.append(panel);
      dialog.remove();
      sheet.querySelector("summary").focus();
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.showModal();
    const first = panel.querySelector("input:not([type=hidden]), select, textarea");
    if (first && isDesk()) first.focus();
  }

  async function copy(button) {
    const source = button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
    const text = button.dataset.copyText || (source && (source.value || source.textContent)) || "";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyTheOldWay(text);
    }
    toast("已复制");
  }

  function copyTheOldWay(text) {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }

  // --- keys at the desk -------------------------------------------------------------------------
  const isTyping = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details[data-menu][open]").forEach((menu) => (menu.open = false));
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (press(event.key)) event.preventDefault();
  });

  function press(key) {
    const marked = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (marked) return marked.matches("input, textarea, select") ? (marked.focus(), true) : (marked.click(), true);
    if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
    if (key === "o") return openFocused();
    if (key === "?") return (showKeys(), true);
    return false;
  }

  function move(by) {
    const links = all("[data-keys-list] a.row-link");
    if (!links.length) return false;
    const focused = links.indexOf(document.activeElement);
    const current = links.findIndex((link) => link.closest("[aria-current=true]"));
    const from = focused >= 0 ? focused : current;
    const next = links[Math.min(links.length - 1, Math.max(0, from + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function openFocused() {
    const link = document.activeElement.closest("a.row-link");
    if (link) link.click();
    return Boolean(link);
  }

  function showKeys() {
    const named = all("[data-key]").map((e) => `${e.dataset.key} ${(e.getAttribute("aria-label") || e.textContent).trim()}`);
    const moving = document.querySelector("[data-keys-list]") ? ["j / k 下一条 / 上一条", "o 打开"] : [];
    toast([...moving, ...named].join("　") || "这一页没有快捷键", "neutral");
  }

  // --- live: a stream says that something changed, the page fetches itself again -------------------
  const POLL_MILLISECONDS = 30000;
  const GATHER_MILLISECONDS = 400;

  function goLive() {
    const main = document.querySelector("[data-live-target]");
    if (!main || !window.htmx) return;
    const target = main.dataset.liveTarget;
    let waiting = 0;
    const refresh = () => {
      if (document.hidden || !document.querySelector(target)) return;
      htmx.ajax("GET", location.href, { target, select: target, swap: "outerHTML show:none" });
    };
    const gather = () => {
      clearTimeout(waiting);
      waiting = setTimeout(refresh, GATHER_MILLISECONDS);
    };
    document.addEventListener("visibilitychange", gather);
    if (main.dataset.liveUrl && window.EventSource) listen(main.dataset.liveUrl, gather);
    else setInterval(refresh, POLL_MILLISECONDS);
  }

  function listen(address, heard) {
    const stream = new EventSource(address, { withCredentials: true });
    let polling = 0;
    stream.onmessage = heard;
    stream.addEventListener("changed", heard);
    stream.onopen = () => (polling = clearInterval(polling) || 0);
    stream.onerror = () => (polling = polling || setInterval(heard, POLL_MILLISECONDS));
    addEventListener("pagehide", () => stream.close());
  }

  // --- islands: maps and charts load their scripts only where they are shown -----------------------
  const loading = new Map();

  function load(address, element) {
    if (!loading.has(address)) {
      loading.set(address, new Promise((done, failed) => {
        Object.assign(element, { onload: done, onerror: failed });
        document.head.append(element);
      }));
    }
    return loading.get(address);
  }

  async function wake(island) {
    const words = (name) => (island.dataset[name] || "").split(" ").filter(Boolean);
    try {
      words("styles").forEach((href) => load(href, Object.assign(document.createElement("link"), { rel: "stylesheet", href })));
      for (const src of words("scripts")) await load(src, Object.assign(document.createElement("script"), { src }));
      island.dispatchEvent(new CustomEvent("fuhui:island", { bubbles: true }));
    } catch {
      island.classList.add("island-missing");
      all(".frame-table", island).forEach((table) => (table.open = true));
    }
  }

  function prepare(within) {
    restoreDrafts(within);
    all("[data-island]", within).forEach(wake);
    const wrong = within.querySelector("[data-focus]");
    if (wrong) wrong.focus();
  }

  function start() {
    prepare(document);
    all("details.sheet[open]").forEach(openSheet);
    all(".toast").forEach(fade);
    goLive();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
