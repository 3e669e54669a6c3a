// The same text in every view, so that a page can allow it by its hash; what to show comes as JSON. It looks for the views that
// are not upgraded yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere.
(() => {
  function element(tag, className, ...content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function table(pane) {
    const rows = pane.texts.length / pane.columns, longest = Math.max(...pane.texts.map(text => text.length));
    const side = Math.max(10, Math.min(20, Math.floor(340 / Math.max(rows, pane.columns))));
    const [height, width] = pane.isPicture ? [side, side] : [28, Math.max(28, 12 + 8 * longest)];
    const [top, left, bottom, right] = pane.margins, body = element("tbody");
    for (let row = 0; row < rows; row++) {
      const line = element("tr");
      for (let column = 0; column < pane.columns; column++) {
        const index = row * pane.columns + column, shade = pane.shades[index], cell = element("td", "", pane.texts[index]);
        if (row < top || row >= rows - bottom || column < left || column >= pane.columns - right) cell.className = "cw-pad";
        else if (shade) {
          cell.className = shade < 0 ? "cw-minus" : "cw-plus";
          cell.style.setProperty("--s", Math.abs(shade) / 0.32 + "%");
        }
        line.append(cell);
      }
      body.append(line);
    }
    const made = element("table", "", body);
    made.setAttribute("aria-label", pane.name);
    made.style.margin = "0"; // inline, to keep a page's rules for plain tables away
    const holder = element("div", "cw-" + pane.role + (pane.isPicture ? " cw-small" : ""), made);
    holder.style.setProperty("--h", height + "px");
    holder.style.setProperty("--w", width + "px");
    return element("div", "cw-pane", pane.name, element("div", "cw-box", holder));
  }

  function upgrade(view) {
    view.setAttribute("data-upgraded", "");
    const data = JSON.parse(view.querySelector("script[type='application/json']").textContent);
    if (!document.querySelector("style[data-convnet='window']")) {
      const style = element("style", "", data.style);
      style.dataset.convnet = "window";
      document.head.append(style);
    }
    const { height, width, stride } = data;
    const caption = element("figcaption"), row = element("div", "cw-row"), sum = element("p", "cw-sum");
    if (data.title) caption.append(element("b", "", data.title), element("br"));
    caption.append(data.settings);
    row.append(...data.parts.map(part => typeof part === "string" ? element("span", "", part) : table(part)));
    sum.setAttribute("aria-live", "polite");
    view.querySelector("img").replaceWith(caption, row, sum);

    const tables = role => [...view.querySelectorAll(".cw-" + role + " table")];
    const images = tables("in"), grid = tables("out")[0];
    const cells = [...grid.querySelectorAll("td")], columns = grid.rows[0].cells.length;
    const winner = data.winners.some(at => at !== null) ? element("i", "cw-winner") : null;
    [...images, grid].forEach(table => table.parentNode.append(element("i")));
    if (winner) images[0].parentNode.append(winner);
    let current = 0, timer = 0;

    function frame(table, mark, row, column, h, w) {
      const box = table.closest(".cw-box");
      Object.entries({ r: row, c: column, m: h, n: w }).forEach(([name, value]) => mark.style.setProperty("--" + name, value));
      const first = table.rows[row].cells[column], last = table.rows[row].cells[column + w - 1];
      box.scrollLeft = Math.max(Math.min(box.scrollLeft, first.offsetLeft), last.offsetLeft + last.offsetWidth + 6 - box.clientWidth);
    }
    const outline = table => table.parentNode.querySelector("i");

    function select(index) {
      const row = Math.floor(index / columns), column = index % columns, cell = cells[index];
      cells[current].tabIndex = -1;
      cells[current].removeAttribute("aria-selected");
      current = index;
      cell.tabIndex = 0;
      cell.setAttribute("aria-selected", "true");
      images.forEach(image => frame(image, outline(image), row * stride, column * stride, height, width));
      frame(grid, outline(grid), row, column, 1, 1);
      if (winner) {
        const at = data.winners[index];
        frame(images[0], winner, row * stride + Math.floor(at / width), column * stride + at % width, 1, 1);
      }
      sum.replaceChildren(...data.sentences[index].map(([text, mark]) => mark ? element("span", "cw-" + mark, text) : text));
    }

    function pause() {
      clearInterval(timer);
      timer = 0;
      play.textContent = "Play";
      sum.setAttribute("aria-live", "polite");
    }

    const bar = element("div", "cw-bar");
    function button(label, act) {
      const made = element("button", "", label);
      made.type = "button";
      made.addEventListener("click", act);
      bar.append(made);
      return made;
    }
    const play = button("Play", () => {
      if (timer) return pause();
      play.textContent = "Pause";
      sum.setAttribute("aria-live", "off");
      select((current + 1) % cells.length);
      timer = setInterval(() => {
        if (!view.isConnected || current === cells.length - 1) pause();
        else select(current + 1);
      }, Math.max(300, Math.min(900, 36000 / cells.length)));
    });
    play.className = "cw-play";
    button("Back", () => { pause(); select((current + cells.length - 1) % cells.length); });
    button("Step", () => { pause(); select((current + 1) % cells.length); });
    bar.append(element("span", "", "Point at a cell of the " + grid.getAttribute("aria-label") + ", or move with the arrow keys."));
    sum.before(bar);

    grid.setAttribute("role", "grid");
    cells.forEach((cell, index) => {
      cell.tabIndex = index ? -1 : 0;
      const show = () => { pause(); select(index); };
      cell.addEventListener("pointerover", show);
      cell.addEventListener("focus", show);
    });
    grid.addEventListener("keydown", event => {
      const start = current - current % columns, end = start + columns - 1;
      const target = {
        ArrowLeft: Math.max(start, current - 1), ArrowRight: Math.min(end, current + 1),
        ArrowUp: current - columns, ArrowDown: current + columns,
        Home: event.ctrlKey ? 0 : start, End: event.ctrlKey ? cells.length - 1 : end
      }[event.key];
      if (target === undefined || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (cells[target]) cells[target].focus();
    });
    select(0);
  }

  document.querySelectorAll("figure.convnet-window:not([data-upgraded])").forEach(upgrade);
})();
