// The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
// yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere.
(() => {
  document.querySelectorAll("figure.convnet-roofline:not([data-upgraded])").forEach(view => {
    view.setAttribute("data-upgraded", "");
    const { points, phone, style: sheet } = JSON.parse(view.querySelector("script[type='application/json']").textContent);
    if (!document.querySelector("style[data-convnet='roofline']")) {
      const style = document.createElement("style");
      style.dataset.convnet = "roofline";
      style.textContent = sheet;
      document.head.append(style);
    }
    const frame = view.querySelector("picture").parentNode, words = document.createElement("p"), isPhone = matchMedia(phone);
    frame.className = "cr-frame";
    words.className = "cr-words";
    words.setAttribute("aria-live", "polite");
    frame.after(words);

    const buttons = points.map((point, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", point.words);
      button.addEventListener("focus", () => show(index));
      button.addEventListener("keydown", event => {
        const end = points.length - 1;
        const to = { ArrowLeft: index - 1, ArrowUp: index - 1, ArrowRight: index + 1, ArrowDown: index + 1, Home: 0, End: end }[event.key];
        if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        buttons[Math.max(0, Math.min(end, to))].focus();
      });
      return button;
    });
    frame.append(...buttons);

    // Points may lie on each other, so the pointer means the nearest one.
    frame.addEventListener("pointermove", event => {
      const distances = buttons.map(button => {
        const box = button.getBoundingClientRect();
        return Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
      });
      const nearest = distances.indexOf(Math.min(...distances));
      if (distances[nearest] < 40) show(nearest);
    });

    function show(now) {
      words.textContent = points[now].words;
      buttons.forEach((button, index) => {
        button.classList.toggle("cr-now", index === now);
        button.tabIndex = index === now ? 0 : -1;
      });
    }

    function place() {
      buttons.forEach((button, index) => {
        const [x, y] = isPhone.matches ? points[index].narrow : points[index].wide;
        button.style.left = `${x}%`;
        button.style.top = `${y}%`;
      });
    }
    isPhone.addEventListener("change", place);
    place();
    show(0);
  });
})();
