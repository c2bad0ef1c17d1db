// What the pages of cases add where scripts run. Everything works without.
(() => {
  "use strict";
  const REFUSALS = [403, 404, 409, 422, 429];

  // A refused form comes back with everything entered and the reason: show it instead of a bare toast.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    if (!REFUSALS.includes(detail.xhr.status) || !detail.xhr.responseText.includes('id="record"')) return;
    detail.shouldSwap = true;
    detail.isError = false;
  });

  // The record beside the list has an address of its own; mark its row.
  const mark = () => {
    const open = new URL(location.href).searchParams.get("open");
    document.querySelectorAll("[data-keys-list] .row").forEach((row) => {
      const link = row.querySelector("a.row-link");
      if (open && link && link.pathname.includes(open)) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
  };
  ["htmx:pushedIntoHistory", "htmx:afterSettle"].forEach((name) => document.addEventListener(name, () => setTimeout(mark)));

  // What was done to the record beside the list is seen in the list at once.
  document.addEventListener("htmx:afterSwap", (event) => {
    const asked = event.detail.requestConfig;
    if (!asked || asked.verb !== "post" || event.detail.target.id !== "record" || !document.getElementById("queue")) return;
    htmx.ajax("GET", location.href, { target: "#queue", select: "#queue", swap: "outerHTML show:none" });
  });

  // A past answer is filled into the reply, where it can still be changed.
  document.addEventListener("click", (event) => {
    const answer = event.target.closest("[data-fill]");
    const field = answer && document.querySelector(answer.dataset.fill);
    if (!field) return;
    field.value = answer.dataset.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mark);
  else mark();
})();
