// Draws the table of a chart-frame with ECharts: first column the axis, each further column a series.
(() => {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = (text) => parseFloat(text.replace(/[,，\s%％]/g, ""));
  const rootSize = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

  function read(table) {
    const heads = [...table.tHead.querySelectorAll("th")].map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
    return { heads, rows };
  }

  function options(kind, unit, { heads, rows }) {
    const flat = kind === "rank";
    const words = { color: token("--muted"), fontSize: rootSize() * 0.8125, fontFamily: token("--font") };
    const names = { type: "category", data: rows.map((row) => row[0]), inverse: flat, axisLabel: words,
      axisTick: { show: false }, axisLine: { lineStyle: { color: token("--line-strong") } } };
    const values = { type: "value", axisLabel: { ...words, formatter: `{value}${unit}` }, splitNumber: 4,
      splitLine: { lineStyle: { color: token("--line") } } };
    return {
      color: [token("--accent"), token("--soon"), token("--line-strong"), token("--late"), token("--done")],
      textStyle: { fontFamily: token("--font") },
      grid: { left: 4, right: 16, top: heads.length > 2 ? rootSize() * 2.4 : 16, bottom: 4, containLabel: true },
      legend: heads.length > 2 ? { left: 0, top: 0, textStyle: words, icon: "roundRect" } : undefined,
      tooltip: { trigger: "axis", confine: true, backgroundColor: token("--surface"), borderColor: token("--line"),
        textStyle: { ...words, color: token("--text") }, valueFormatter: (value) => `${value}${unit}` },
      xAxis: flat ? values : names,
      yAxis: flat ? names : values,
      aria: { enabled: true },
      animationDuration: 300,
      series: heads.slice(1).map((name, index) => series(kind, name, rows.map((row) => number(row[index + 1])), index)),
    };
  }

  function series(kind, name, data, index) {
    const drawn = { name, data, type: kind === "line" ? "line" : "bar" };
    if (kind === "line") {
      return { ...drawn, symbolSize: 8, symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
        lineStyle: { width: 3, type: ["solid", "dashed", "dotted"][index % 3] } };
    }
    return { ...drawn, stack: kind === "stack" ? "all" : undefined, barMaxWidth: 32,
      itemStyle: { borderRadius: kind === "stack" ? 0 : kind === "rank" ? [0, 5, 5, 0] : [5, 5, 0, 0] } };
  }

  function draw(figure) {
    const place = figure.querySelector("[data-chart]");
    const table = figure.querySelector("table");
    if (!place || !table || place.dataset.drawn) return;
    const found = read(table);
    if (place.dataset.chart === "rank") place.style.height = `${Math.max(8, found.rows.length * 2.4)}rem`;
    place.dataset.drawn = "1";
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(options(place.dataset.chart, place.dataset.unit, found));
    new ResizeObserver(() => chart.resize()).observe(place);
  }

  document.addEventListener("fuhui:island", (event) => event.target.matches(".chart") && draw(event.target));
})();
