// Draws a map-frame with MapLibre: the community's own polygons, and tiles below them where an address is set.
(() => {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const EMPTY = { type: "FeatureCollection", features: [] };
  const TONES = { late: "--late", soon: "--soon", done: "--done", accent: "--accent" };

  async function shapes(figure, place) {
    const inside = figure.querySelector('script[type="application/json"]');
    if (inside) return JSON.parse(inside.textContent) || EMPTY;
    if (!place.dataset.src) return EMPTY;
    const answer = await fetch(place.dataset.src, { credentials: "same-origin" });
    return answer.ok ? answer.json() : EMPTY;
  }

  function corners(geojson) {
    const found = [];
    const walk = (part) => (typeof part[0] === "number" ? found.push(part) : part.forEach(walk));
    geojson.features.forEach((feature) => feature.geometry && walk(feature.geometry.coordinates));
    if (!found.length) return null;
    const longitudes = found.map((one) => one[0]);
    const latitudes = found.map((one) => one[1]);
    return [[Math.min(...longitudes), Math.min(...latitudes)], [Math.max(...longitudes), Math.max(...latitudes)]];
  }

  function colour() {
    const pairs = Object.entries(TONES).flatMap(([tone, name]) => [tone, token(name)]);
    return ["match", ["coalesce", ["get", "tone"], ""], ...pairs, token("--accent")];
  }

  function style(geojson, tiles) {
    const sources = { shapes: { type: "geojson", data: geojson, generateId: true } };
    const layers = [{ id: "ground", type: "background", paint: { "background-color": token("--sunken") } }];
    if (tiles) {
      sources.tiles = { type: "raster", tiles: [tiles], tileSize: 256 };
      layers.push({ id: "tiles", type: "raster", source: "tiles" });
    }
    const isArea = ["==", ["geometry-type"], "Polygon"];
    layers.push(
      { id: "areas", type: "fill", source: "shapes", filter: isArea, paint: { "fill-color": colour(), "fill-opacity": 0.22 } },
      { id: "edges", type: "line", source: "shapes", filter: isArea, paint: { "line-color": colour(), "line-width": 2 } },
      { id: "points", type: "circle", source: "shapes", filter: ["==", ["geometry-type"], "Point"],
        paint: { "circle-color": colour(), "circle-radius": 8, "circle-stroke-width": 2, "circle-stroke-color": token("--surface") } },
    );
    return { version: 8, sources, layers };
  }

  function middle(geometry) {
    const box = corners({ features: [{ geometry }] });
    return [(box[0][0] + box[1][0]) / 2, (box[0][1] + box[1][1]) / 2];
  }

  function label(map, feature) {
    const { name, value } = feature.properties || {};
    if (!name || !feature.geometry) return;
    const words = document.createElement("div");
    words.className = "map-label";
    words.textContent = value === undefined || value === "" ? name : `${name} ${value}`;
    const offset = feature.geometry.type === "Point" ? [0, -22] : [0, 0];
    new maplibregl.Marker({ element: words, offset }).setLngLat(middle(feature.geometry)).addTo(map);
  }

  function allowOpening(map) {
    for (const layer of ["areas", "points"]) {
      map.on("click", layer, (event) => {
        const href = event.features[0].properties.href;
        if (href && href.startsWith("/")) location.assign(href);
      });
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    }
  }

  function allowPicking(map, names) {
    const [longitude, latitude] = names.split(",").map((name) => document.getElementsByName(name.trim())[0]);
    if (!longitude || !latitude) return;
    const pin = new maplibregl.Marker({ color: token("--late"), draggable: true });
    const put = (at) => {
      pin.setLngLat(at).addTo(map);
      longitude.value = at.lng.toFixed(6);
      latitude.value = at.lat.toFixed(6);
      latitude.dispatchEvent(new Event("change", { bubbles: true }));
    };
    map.on("click", (event) => put(event.lngLat));
    pin.on("dragend", () => put(pin.getLngLat()));
    if (longitude.value && latitude.value) put(new maplibregl.LngLat(Number(longitude.value), Number(latitude.value)));
  }

  // A page that collects corners tells of them by the event "fuhui:sketch" (a list of [lng, lat]); they are drawn as a line.
  function showSketch(map) {
    const data = (corners) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: corners } });
    document.addEventListener("fuhui:sketch", (event) => {
      const corners = event.detail.length > 2 ? [...event.detail, event.detail[0]] : event.detail;
      if (map.getSource("sketch")) return map.getSource("sketch").setData(data(corners));
      map.addSource("sketch", { type: "geojson", data: data(corners) });
      map.addLayer({ id: "sketch", type: "line", source: "sketch", paint: { "line-color": token("--late"), "line-width": 3 } });
    });
  }

  async function draw(figure) {
    const place = figure.querySelector("[data-map]");
    if (!place || place.dataset.drawn) return;
    place.dataset.drawn = "1";
    maplibregl.setWorkerUrl(place.dataset.worker);
    const geojson = await shapes(figure, place);
    const bounds = corners(geojson) || [[121.2, 37.4], [121.4, 37.6]];
    const map = new maplibregl.Map({ container: place, style: style(geojson, place.dataset.tiles), bounds,
      fitBoundsOptions: { padding: 32, maxZoom: 17 }, cooperativeGestures: true, attributionControl: false, dragRotate: false,
      locale: {
        "NavigationControl.ZoomIn": "放大", "NavigationControl.ZoomOut": "缩小", "Map.Title": "地图",
        "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 再滚动可以缩放", "CooperativeGesturesHandler.MacHelpText": "按住 ⌘ 再滚动可以缩放",
        "CooperativeGesturesHandler.MobileHelpText": "用两个手指移动地图",
      } });
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    geojson.features.forEach((feature) => label(map, feature));
    if (place.dataset.pick) { allowPicking(map, place.dataset.pick); showSketch(map); }
    else allowOpening(map);
  }

  document.addEventListener("fuhui:island", (event) => event.target.matches(".map") && draw(event.target));
})();
