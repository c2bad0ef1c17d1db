// Drawing a border: every tap on the map (the map island fills the two hidden inputs) adds a corner.
(() => {
  const box = document.querySelector("[data-border]");
  if (!box) return;
  const form = box.closest("form");
  const text = form.querySelector("[name=border]");
  const lng = form.querySelector("[name=corner_lng]");
  const lat = form.querySelector("[name=corner_lat]");
  const tools = box.querySelector("[data-border-tools]");
  const count = box.querySelector("[data-border-count]");
  let corners = [];

  const show = () => {
    count.textContent = corners.length < 3 ? `已点 ${corners.length} 个拐点，至少 3 个` : `已点 ${corners.length} 个拐点`;
    text.value = corners.length < 3 ? "" : JSON.stringify({ type: "Polygon", coordinates: [[...corners, corners[0]]] });
    document.dispatchEvent(new CustomEvent("fuhui:sketch", { detail: corners }));
  };
  const add = () => {
    const corner = [Number(lng.value), Number(lat.value)];
    if (!lng.value || !lat.value || corners.some(([x, y]) => x === corner[0] && y === corner[1])) return;
    corners.push(corner);
    show();
  };
  tools.hidden = false;
  lat.addEventListener("change", add);
  box.querySelector("[data-border-undo]").addEventListener("click", () => { corners.pop(); show(); });
  box.querySelector("[data-border-clear]").addEventListener("click", () => { corners = []; show(); });
})();
