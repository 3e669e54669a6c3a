// The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
// yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere. It reads the numbers
// as they are written in the tables, so that its sums are those of the page.
(() => {
  document.querySelectorAll("figure.convnet-window:not([data-upgraded])").forEach(view => {
    view.setAttribute("data-upgraded", "");
    view.querySelectorAll(".cw-next").forEach(part => part.remove());
    const tables = role => [...view.querySelectorAll(".cw-" + role + " table")];
    const images = tables("in"), kernels = tables("kernel"), grid = tables("out")[0], sum = view.querySelector(".cw-sum");
    const kind = view.dataset.kind, bias = view.dataset.bias;
    const height = +view.dataset.height, width = +view.dataset.width, stride = +view.dataset.stride;
    const cells = [...grid.querySelectorAll("td")], columns = grid.rows[0].cells.length;
    const under = (table, top, left, h, w) =>
      [...table.rows].slice(top, top + h).flatMap(row => [...row.cells].slice(left, left + w));
    let current = 0, timer = 0;

    function sentence(row, column, result) {
      const parts = [["Row " + row + ", column " + column + ": "]], start = parts.length;
      const number = text => Number(text.replace(/−/g, "-"));
      let written = 0;
      const windows = images.map(image => under(image, row * stride, column * stride, height, width));
      const add = (factor, text, mark) => {
        const minus = factor[0] === "−";
        parts.push([(parts.length === start ? (minus ? "−" : "") : minus ? " − " : " + ") + text, mark]);
      };
      const positive = text => text.replace(/^−/, "");
      const operand = text => text[0] === "−" ? "(" + text + ")" : text;
      if (kind === "sum") {
        windows.forEach((cells, channel) => kernels[channel].querySelectorAll("td").forEach((cell, index) => {
          const weight = cell.textContent, value = cells[index].textContent;
          const zero = (weight === "0" || value === "0") && !/[IN]/.test(weight + value);
          add(weight, operand(value) + "·" + positive(weight), zero ? "cw-zero" : "");
          written += number(value) * number(weight);
        }));
        if (bias) {
          add(bias, positive(bias));
          written += number(bias);
        }
      } else {
        const max = kind === "max", counted = windows[0].filter(cell => !cell.matches(".cw-pad"));
        parts.push([max ? "max(" : "("]);
        counted.forEach((cell, index) => {
          if (index) parts.push([max ? ", " : " + "]);
          const text = cell.textContent;
          parts.push([max ? text : operand(text), max && cell === windows[0][result.dataset.at] ? "cw-strong" : ""]);
          written = max ? number(result.textContent) : written + number(text) / counted.length;
        });
        parts.push([max ? ")" : ") / " + counted.length]);
      }
      parts.push([(Math.abs(written - number(result.textContent)) > 1e-9 ? " ≈ " : " = ") + result.textContent]);
      if (result.dataset.equal) parts.push([" (the first of " + result.dataset.equal + " equal values)"]);
      return parts;
    }

    function frame(table, selector, row, column, h, w) {
      const mark = table.parentNode.querySelector(selector), box = table.closest(".cw-box");
      mark.style.setProperty("--r", row);
      mark.style.setProperty("--c", column);
      const first = table.rows[row].cells[column], last = table.rows[row].cells[column + w - 1];
      box.scrollLeft = Math.max(Math.min(box.scrollLeft, first.offsetLeft), last.offsetLeft + last.offsetWidth + 6 - box.clientWidth);
    }

    function select(index) {
      const row = Math.floor(index / columns), column = index % columns, cell = cells[index];
      cells[current].tabIndex = -1;
      cells[current].removeAttribute("aria-selected");
      current = index;
      cell.tabIndex = 0;
      cell.setAttribute("aria-selected", "true");
      images.forEach(image => frame(image, "i", row * stride, column * stride, height, width));
      frame(grid, "i", row, column, 1, 1);
      if (kind === "max") {
        const at = +cell.dataset.at;
        frame(images[0], ".cw-winner", row * stride + Math.floor(at / width), column * stride + at % width, 1, 1);
      }
      sum.replaceChildren(...sentence(row, column, cell).map(([text, mark]) => {
        if (!mark) return text;
        const span = document.createElement("span");
        span.className = mark;
        span.textContent = text;
        return span;
      }));
    }

    function pause() {
      clearInterval(timer);
      timer = 0;
      play.textContent = "Play";
      sum.setAttribute("aria-live", "polite");
    }

    const bar = document.createElement("div");
    bar.className = "cw-bar";
    function button(label, act) {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
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
    const hint = document.createElement("span");
    hint.textContent = "Point at a cell of the " + grid.getAttribute("aria-label") + ", or move with the arrow keys.";
    bar.append(hint);
    sum.before(bar);

    grid.setAttribute("role", "grid");
    cells.forEach((cell, index) => {
      cell.tabIndex = index ? -1 : 0;
      const show = () => { pause(); select(index); };
      cell.addEventListener("pointerover", show);
      cell.addEventListener("focus", show);
    });
    cells[0].setAttribute("aria-selected", "true");
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
  });
})();
