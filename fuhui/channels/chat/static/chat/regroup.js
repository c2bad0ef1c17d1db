// Regrouping by tap and by drag. Without this file the tick boxes and the select below the talk do the same.
(() => {
  "use strict";
  const preview = () => document.getElementById("preview");
  const dialog = () => document.getElementById("targets");
  const lineOf = (element) => element.closest("[data-message]");
  let dragged = null;

  function ready() {
    preview()?.querySelectorAll("[data-move]").forEach((button) => { button.hidden = false; });
    const withMouse = matchMedia("(min-width: 1100px) and (pointer: fine)").matches;
    preview()?.querySelectorAll("[data-message]").forEach((line) => { line.draggable = withMouse; });
  }

  function choose(line) {
    const box = dialog();
    box.querySelector("[name=messages]").value = line.dataset.message;
    box.querySelector("[data-said]").textContent = line.querySelector(".talk-text").textContent;
  }

  // The form is sent in the background and only the preview is swapped, so the person stays where they were.
  async function send(form, button) {
    const body = new FormData(form, button);
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("preview");
    if (!fresh) { location.reload(); return; }
    const open = [...preview().querySelectorAll("details[open][id]")].map((one) => one.id);
    preview().replaceWith(document.adoptNode(fresh));
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    ready();
    page.querySelectorAll("#toasts .toast").forEach((box) => document.dispatchEvent(new CustomEvent("fuhui:toast", {
      detail: { text: box.querySelector("p")?.textContent ?? box.textContent.trim(), tone: box.dataset.tone },
    })));
  }

  function submit(form, button) {
    const spoken = new URL(form.action, location.href);
    if (spoken.origin !== location.origin) return false;
    send(form, button).catch(() => HTMLFormElement.prototype.submit.call(form));
    return true;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-swap]") || !preview()) return;
    event.preventDefault();
    event.stopPropagation();
    submit(form, event.submitter);
  }, true);

  document.addEventListener("click", (event) => {
    const move = event.target.closest("[data-move]");
    if (move) { choose(lineOf(move)); dialog().showModal(); }
    if (event.target.closest("[data-dismiss]") || event.target === dialog()) dialog().close();
  });

  document.addEventListener("dragstart", (event) => {
    dragged = lineOf(event.target);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.message);
    requestAnimationFrame(() => preview().classList.add("dragging"));
  });
  document.addEventListener("dragover", (event) => {
    const target = dragged && event.target.closest("[data-target]");
    document.querySelectorAll("[data-over]").forEach((one) => { if (one !== target) delete one.dataset.over; });
    if (!target) return;
    event.preventDefault();
    target.dataset.over = "";
  });
  document.addEventListener("dragend", () => {
    preview()?.classList.remove("dragging");
    document.querySelectorAll("[data-over]").forEach((one) => delete one.dataset.over);
    dragged = null;
  });
  document.addEventListener("drop", (event) => {
    const target = dragged && event.target.closest("[data-target]");
    if (!target) return;
    event.preventDefault();
    choose(dragged);
    const button = dialog().querySelector(`button[name=target][value="${target.dataset.target}"]`);
    if (button) submit(button.form, button);
  });

  ready();
})();
