// The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
// yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere.
(() => {
  const svgElement = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  document.querySelectorAll("figure.convnet-descent:not([data-upgraded])").forEach(view => {
    view.setAttribute("data-upgraded", "");
    const { title: heading, ground, paths, style: sheet } = JSON.parse(view.querySelector("script[type='application/json']").textContent);
    if (!document.querySelector("style[data-convnet='descent']")) {
      const style = document.createElement("style");
      style.dataset.convnet = "descent";
      style.textContent = sheet;
      document.head.append(style);
    }
    const picture = view.querySelector("img");

    const parsed = new DOMParser().parseFromString(`<svg xmlns="http://www.w3.org/2000/svg">${ground}</svg>`, "image/svg+xml");
    const svg = svgElement("svg", {
      viewBox: "-6 -6 586 372", width: 586, height: 372, role: "img", "font-size": 13, fill: "currentColor"
    });
    svg.append(...[...parsed.documentElement.childNodes].map(node => document.importNode(node, true)));
    const frame = svg.querySelector("svg");
    const halo = svgElement("polyline", { fill: "none", stroke: "#fff", "stroke-width": 5 });
    const line = svgElement("polyline", { fill: "none", stroke: "#d55e00", "stroke-width": 2.5 });
    const dots = svgElement("g", { fill: "#d55e00" });
    frame.append(halo, line, dots);

    const words = document.createElement("p");
    words.className = "cd-words";
    words.setAttribute("aria-live", "polite");
    const bar = document.createElement("div");
    bar.className = "cd-bar";
    const slider = (name, change) => {
      const label = document.createElement("label"), input = document.createElement("input");
      Object.assign(input, { type: "range", min: 0, step: 1 });
      input.setAttribute("aria-label", name);
      input.addEventListener("input", () => { stop(); change(+input.value); show(); });
      bar.append(label, input);
      return { label, input };
    };
    let at = 0, step = paths[0].points.length - 1, timer = 0;
    const which = slider("path", value => { at = value; step = paths[at].points.length - 1; });
    const walk = slider("step", value => step = value);
    which.input.max = paths.length - 1;

    const play = document.createElement("button");
    play.type = "button";
    const stop = () => { clearInterval(timer); timer = 0; play.textContent = "Play"; };
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (step >= paths[at].points.length - 1) step = 0;
      play.textContent = "Stop";
      timer = setInterval(() => { if (step < paths[at].points.length - 1) { step++; show(); } else stop(); }, 350);
      show();
    });

    function show() {
      const path = paths[at], shown = path.points.slice(0, step + 1);
      which.label.textContent = path.name;
      which.input.value = at;
      which.input.setAttribute("aria-valuetext", path.name);
      walk.label.textContent = `step ${step} of ${path.points.length - 1}`;
      walk.input.max = path.points.length - 1;
      walk.input.value = step;
      for (const drawn of [halo, line]) drawn.setAttribute("points", shown.map(point => point.join(",")).join(" "));
      dots.replaceChildren(...shown.map(([cx, cy], index) =>
        svgElement("circle", { cx, cy, r: index === step ? 6 : 3.5, stroke: "#fff" })));
      words.textContent = path.words[step];
      svg.setAttribute("aria-label", `${path.name}, ${path.words[step]}`);
    }

    const title = document.createElement("p");
    title.className = "cd-title";
    title.textContent = heading;
    picture.replaceWith(title, svg, bar, words, play);
    stop();
    show();
  });
})();
