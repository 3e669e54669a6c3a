// The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
// yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere.
(() => {
  document.querySelectorAll("figure.convnet-numbers:not([data-upgraded])").forEach(view => {
    view.setAttribute("data-upgraded", "");
    const data = JSON.parse(view.querySelector("script[type='application/json']").textContent);
    if (!document.querySelector("style[data-convnet='numbers']")) {
      const style = document.createElement("style");
      style.dataset.convnet = "numbers";
      style.textContent = data.style;
      document.head.append(style);
    }
    const picture = view.querySelector("picture"), words = document.createElement("p");
    words.className = "cn-words";
    words.setAttribute("aria-live", "polite");
    picture.parentNode.after(words);
    let shown = picture, nodes = [], edges = [];

    function show(node) {
      words.textContent = node.dataset.words;
      nodes.forEach(other => {
        other.classList.toggle("cn-now", other === node);
        other.setAttribute("tabindex", other === node ? 0 : -1);
      });
      edges.forEach(edge => edge.classList.toggle("cn-now", edge.dataset.from === node.dataset.index));
    }

    function listen(node, index) {
      node.setAttribute("role", "img");
      node.setAttribute("aria-label", node.dataset.words);
      node.addEventListener("pointerover", () => show(node));
      node.addEventListener("focus", () => show(node));
      node.addEventListener("keydown", event => {
        const back = index - 1, on = index + 1, end = nodes.length - 1;
        const to = { ArrowLeft: back, ArrowUp: back, ArrowRight: on, ArrowDown: on, Home: 0, End: end }[event.key];
        if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        nodes[Math.max(0, Math.min(nodes.length - 1, to))].focus();
      });
    }

    // The computation runs to the right, or downward where the page is as narrow as a phone.
    const phone = matchMedia(data.phone);
    function draw() {
      const now = nodes.findIndex(node => node.classList.contains("cn-now"));
      const drawing = new DOMParser().parseFromString(phone.matches ? data.tall : data.wide, "image/svg+xml").documentElement;
      const svg = document.importNode(drawing, true);
      svg.querySelector("style").remove();      // its rules are for a picture of its own; here the page's colours count
      svg.querySelector("rect").remove();
      svg.setAttribute("fill", "currentColor");
      svg.style.minWidth = phone.matches ? "" : `${Math.min(640, svg.getAttribute("width"))}px`;
      svg.setAttribute("role", "group");
      shown.replaceWith(svg);
      shown = svg;
      nodes = [...svg.querySelectorAll(".cn-node")];
      edges = [...svg.querySelectorAll(".cn-edge")];
      nodes.forEach(listen);
      show(nodes.at(now));      // the result at first
    }
    phone.addEventListener("change", draw);
    draw();
  });
})();
