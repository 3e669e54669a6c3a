// The same text in every figure, so that a page can allow it by its hash. Hosts run it where it stands (a page), in a clone
// that stands there too (Jupyter) or in one that stands elsewhere (VS Code), so it looks for the figures that are not upgraded
// yet instead of for its own place. plotly.js may come with the page, perhaps later than this; only then is the network asked,
// and by way of RequireJS where that is in charge, because plotly would otherwise register there and nowhere else.
(() => {
  const narrowest = 560;
  const words = title => String(title?.text ?? title ?? "").replace(/<[^>]*>/g, "");

  // On a phone plotly cuts a title and lays the legend over it: so the title stands above, where it wraps, axes wrap
  // theirs, and a grid of cells keeps a width in which its numbers can be read.
  function narrow(chart, heading, data, layout) {
    const wrap = (axis, length, size) => {
      if (!axis?.title) return;
      const text = words(axis.title).replace(new RegExp("(.{1," + length + "})( +|$)", "g"), "$1<br>").replace(/<br>$/, "");
      axis.title = { text, font: { ...axis.title.font, ...size } };
    };
    const cells = data.some(trace => trace.type === "heatmap");
    const named = data.filter(trace => trace.showlegend !== false && trace.name && trace.type !== "heatmap").length;
    heading.textContent = heading.title = words(layout.title);
    delete layout.title;
    layout.height = cells ? 480 : 340;
    layout.margin = { l: 64, r: 12, t: named > 1 ? 14 + 22 * named : 14, b: 56 };
    layout.legend = { orientation: "h", x: 0, y: 1, xanchor: "left", yanchor: "bottom" };
    if (cells) chart.style.minWidth = "680px";
    wrap(layout.xaxis, 40);
    // a second line would stand on the ticks' numbers
    wrap(layout.yaxis, 42, words(layout.yaxis?.title).length > 30 ? { size: 11 } : {});
  }

  // Charts are made for light paper. Where the page's text is light, so is the chart's, and the colours that would be lost
  // on dark paper change as those of the picture do (Dark.css).
  const dark = {
    "#000000": "#ffffff", "#0072b2": "#56b4e9", "#08519c": "#2b78c5", "#ffffff": "#1e1e1e", "#1a1a1a": "#e8e8e8", "#e0e0e0": "#383838"
  };
  function spec(figure) {
    const ink = getComputedStyle(figure).color, [r, g, b] = ink.match(/[\d.]+/g).map(Number);
    const isDark = 0.3 * r + 0.6 * g + 0.1 * b > 128;
    const json = figure.querySelector("script[type='application/json']").textContent;
    const made = JSON.parse(isDark ? json.replace(/#[0-9a-f]{6}\b/gi, color => dark[color.toLowerCase()] ?? color) : json);
    made.layout.font = { ...made.layout.font, color: ink };
    made.layout.paper_bgcolor = "rgba(0,0,0,0)";
    made.layout.plot_bgcolor ??= "rgba(0,0,0,0)";
    // plotly mixes its own greys for paper that it takes to be white
    for (const axis of ["xaxis", "yaxis"])
      made.layout[axis] = { gridcolor: "rgba(128,128,128,0.3)", zerolinecolor: "#808080", ...made.layout[axis] };
    return made;
  }

  function draw(plotly, figure) {
    const [chart, heading, picture] = [".cf-chart", ".cf-heading", "img"].map(part => figure.querySelector(part));
    const { data, layout } = spec(figure);
    layout.autosize = true;
    figure.dataset.height ||= Math.max(260, picture.clientHeight || chart.clientHeight || 420);
    layout.height = layout.height || +figure.dataset.height;
    if (figure.clientWidth > 0 && figure.clientWidth < narrowest) narrow(chart, heading, data, layout);
    return plotly.react(chart, data, layout, { responsive: true, displayModeBar: false }).then(() => makeRoom(plotly, chart, layout));
  }

  // A legend of several lines grows upward, over the title: the title gets that much more room above it.
  function makeRoom(plotly, chart, layout) {
    if (!layout.title || layout.legend?.orientation !== "h" || !layout.margin) return;
    const more = (chart.querySelector(".legend")?.getBoundingClientRect().height ?? 0) - (layout.margin.t - 40);
    if (more > 0) return plotly.relayout(chart, { "margin.t": layout.margin.t + more, height: layout.height + more });
  }

  function upgrade(plotly) {
    document.querySelectorAll("figure.convnet-figure:not([data-upgraded])").forEach(figure => {
      const picture = figure.querySelector("img");
      if (!picture || !figure.querySelector("script[type='application/json']")) return;
      figure.setAttribute("data-upgraded", "");
      const chart = document.createElement("div"), heading = document.createElement("div");
      chart.className = "cf-chart";
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", picture.alt);
      heading.className = "cf-heading";
      heading.style.cssText =
        "font-weight:bold;padding:0 10px;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden";
      picture.before(heading, chart);
      const giveUp = () => { chart.remove(); heading.remove(); };
      try {
        draw(plotly, figure).then(() => {
          picture.style.display = "none";
          follow(() => draw(plotly, figure));
        }, giveUp);
      } catch { giveUp(); }
    });
  }

  // Redraws when the page or the editor turns dark or light.
  function follow(redraw) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new MutationObserver(redraw).observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] });
  }

  function load() {
    if (window.Plotly) return upgrade(window.Plotly);
    const version = document.querySelector("figure.convnet-figure[data-plotly]").dataset.plotly;
    const source = "https://cdn.plot.ly/plotly-" + version + ".min.js";
    window.convnetPlotly ??= new Promise((done, fail) => {
      if (typeof window.define === "function" && window.define.amd && typeof window.require === "function")
        return window.require([source], done, fail);
      const script = document.createElement("script");
      script.src = source;
      script.onload = () => done(window.Plotly);
      script.onerror = fail;
      document.head.appendChild(script);
    });
    window.convnetPlotly.then(upgrade, () => { window.convnetPlotly = null; });
  }
  if (window.Plotly || document.readyState !== "loading") load();
  else document.addEventListener("DOMContentLoaded", load);
})();
