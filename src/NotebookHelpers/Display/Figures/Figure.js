// The same text in every figure, so that a page can allow it by its hash. Hosts run it where it stands (a page), in a clone
// that stands there too (Jupyter) or in one that stands elsewhere (VS Code), so it looks for the figures that are not upgraded
// yet instead of for its own place. plotly.js may come with the page, perhaps later than this; only then is the network asked,
// and by way of RequireJS where that is in charge, because plotly would otherwise register there and nowhere else.
(function () {
  // On a phone plotly cuts a title and lays the legend over it: so the title stands above, where it wraps, axes wrap
  // theirs, and a grid of cells keeps a width in which its numbers can be read.
  function narrow(figure, picture, chart, data, layout) {
    function words(title) { return String((title && title.text) || title || "").replace(/<[^>]*>/g, ""); }
    function wrap(axis, length) {
      if (!axis || !axis.title) return;
      var text = words(axis.title).replace(new RegExp("(.{1," + length + "})( +|$)", "g"), "$1<br>").replace(/<br>$/, "");
      axis.title = { text: text, font: axis.title.font };
    }
    var title = document.createElement("div"), cells = data.some(function (trace) { return trace.type === "heatmap"; });
    var named = data.filter(function (trace) { return trace.showlegend !== false && trace.name && trace.type !== "heatmap"; }).length;
    title.textContent = words(layout.title);
    title.style.cssText = "font-weight:bold;padding:8px 10px 0";
    figure.insertBefore(title, picture);
    delete layout.title;
    layout.height = cells ? 480 : 340;
    layout.margin = { l: 64, r: 12, t: named > 1 ? 14 + 22 * named : 14, b: 56 };
    layout.legend = { orientation: "h", x: 0, y: 1, xanchor: "left", yanchor: "bottom" };
    if (cells) chart.style.minWidth = "680px";
    wrap(layout.xaxis, 40);
    wrap(layout.yaxis, 30);
  }
  function upgrade(plotly) {
    document.querySelectorAll("figure.convnet-figure:not([data-upgraded])").forEach(function (figure) {
      var picture = figure.querySelector("img"), json = figure.querySelector("script[type='application/json']");
      if (!picture || !json) return;
      figure.setAttribute("data-upgraded", "");
      var chart = document.createElement("div");
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", picture.alt);
      try {
        var spec = JSON.parse(json.textContent);
        var layout = spec.layout;
        layout.autosize = true;
        layout.height = layout.height || Math.max(260, picture.clientHeight || 420);
        if (figure.clientWidth > 0 && figure.clientWidth < 560) narrow(figure, picture, chart, spec.data, layout);
        figure.insertBefore(chart, picture);
        plotly.newPlot(chart, spec.data, spec.layout, { responsive: true, displayModeBar: false }).then(
          function () { picture.style.display = "none"; }, function () { chart.remove(); });
      } catch (error) { chart.remove(); }
    });
  }
  function load() {
    var version = document.querySelector("figure.convnet-figure[data-plotly]").dataset.plotly;
    var source = "https://cdn.plot.ly/plotly-" + version + ".min.js";
    if (window.Plotly) return upgrade(window.Plotly);
    if (!window.convnetPlotly) window.convnetPlotly = new Promise(function (done, fail) {
      if (typeof window.define === "function" && window.define.amd && typeof window.require === "function")
        return window.require([source], done, fail);
      var script = document.createElement("script");
      script.src = source;
      script.onload = function () { done(window.Plotly); };
      script.onerror = fail;
      document.head.appendChild(script);
    });
    window.convnetPlotly.then(upgrade, function () { window.convnetPlotly = null; });
  }
  if (window.Plotly || document.readyState !== "loading") load();
  else document.addEventListener("DOMContentLoaded", load);
})();
