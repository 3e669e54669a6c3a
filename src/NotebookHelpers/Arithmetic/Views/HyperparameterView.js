// The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
// yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere. Its sentences come with the
// settings, as JSON; its drawings are those of HyperparameterPicture.cs, for settings that change.
(() => {
  document.querySelectorAll("figure.convnet-settings:not([data-upgraded])").forEach(view => {
    view.setAttribute("data-upgraded", "");
    const now = JSON.parse(view.querySelector("script[type='application/json']").textContent);
    if (!document.querySelector("style[data-convnet='settings']")) {
      const style = document.createElement("style");
      style.dataset.convnet = "settings";
      style.textContent = now.style;
      document.head.append(style);
    }
    const caption = document.createElement("figcaption"), title = document.createElement("b");
    const panes = document.createElement("div"), words = document.createElement("div");
    title.textContent = now.title;
    caption.append(title);
    panes.className = "cs-panes";
    words.className = "cs-words";
    words.setAttribute("aria-live", "polite");
    view.querySelector("img").replaceWith(...(now.title ? [caption] : []), panes, words);
    let place = 0, timer = 0, rows, columns, count;

    const minus = value => String(value).replace(/-/g, "−");
    // an axis of the input: all that is said of it, by the names that the sentences use
    function axis(n, k) {
      const { stride: s, dilation: d, same } = now, span = d * (k - 1) + 1;
      const total = same ? Math.max(0, (Math.ceil(n / s) - 1) * s + span - n) : 2 * now.padding;
      const before = Math.floor(total / 2), padded = n + total, room = padded - span, steps = Math.floor(room / s);
      const size = Math.max(0, steps + 1), read = new Set();
      for (let p = 0; p < size; p++) for (let cell = 0; cell < k; cell++) read.add(p * s + cell * d - before);
      const unread = [...Array(n).keys()].filter(cell => !read.has(cell));
      return { n, k, s, d, span, total, before, after: total - before, padded, room, steps, places: steps + 1, size, unread,
        dilated: d > 1, same, fixed: !same, impossible: !size };
    }

    const say = (about, values) => now.sentences.filter(sentence => sentence.about === about && values[sentence.when] === true)
      .map(({ when, text }) => [text.replace(/\{(\w+)\}/g, (_, name) => minus(values[name])), when]);

    function ranges(name, cells) {
      const found = [];
      cells.forEach(cell => {
        if (found.length && found[found.length - 1][1] === cell - 1) found[found.length - 1][1] = cell;
        else found.push([cell, cell]);
      });
      const texts = found.map(([first, last]) => first === last ? first : first + (last === first + 1 ? ", " : " to ") + last);
      return name + (cells.length > 1 ? "s " : " ") +
        (texts.length > 6 ? texts.slice(0, 4).join(", ") + ", … " + texts[texts.length - 1] : texts.join(", "));
    }

    function lines() {
      const square = rows.n === columns.n && rows.k === columns.k, axes = [[rows, "row"], [columns, "column"]];
      const made = (square ? [[rows, "Each axis"]] : [[rows, "Rows"], [columns, "Columns"]])
        .flatMap(([axis, name]) => say("axis", { ...axis, name }));
      if (!count) return made;
      const unread = axes.filter(([axis]) => axis.unread.length), at = [Math.floor(place / columns.size), place % columns.size];
      return [...made,
        ...say("view", {
          unread: unread.length > 0,
          cells: unread.map(([axis, name]) => ranges(name, axis.unread)).join(", "),
          onlyPadding: axes.some(([axis]) => axis.before >= axis.span),
          refused: now.pooling && !now.same && axes.some(([axis]) => 2 * axis.before > axis.span),
          tensorflow: now.same && now.stride > 1
        }),
        ...say("window", {
          plain: true, number: place + 1, count, row: at[0], column: at[1],
          rows: cells("row", rows, at[0]), columns: cells("column", columns, at[1])
        })];
    }

    function cells(name, axis, at) {
      const first = at * axis.s - axis.before, apart = axis.d > 1;
      return say("cells", { ...axis, name, first, last: first + axis.span - 1,
        single: axis.k === 1, close: axis.k > 1 && !apart, apart: axis.k > 1 && apart })[0][0];
    }

    function shape(svg, attributes) {
      const made = document.createElementNS(svg.namespaceURI, "path");
      Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
      if (attributes.stroke) made.setAttribute("vector-effect", "non-scaling-stroke");
      svg.append(made);
    }
    const box = (left, top, width, height) => `M${left} ${top}h${width}v${height}h-${width}z`;

    function grid(svg, cell, height, width) {
      if (cell < 3) return;
      let d = "";
      for (let row = 0; row <= height; row++) d += `M0 ${row}h${width}`;
      for (let column = 0; column <= width; column++) d += `M${column} 0v${height}`;
      shape(svg, { stroke: "#b0b0b0", d });
    }

    function frame(svg, top, left, height, width, dilation, impossible) {
      let d = "";
      for (let i = 0; i < (dilation === 1 ? 1 : height * width); i++)
        d += dilation === 1 ? box(left, top, width, height)
          : box(left + i % width * dilation, top + Math.floor(i / width) * dilation, 1, 1);
      if (!impossible) shape(svg, { fill: "#0072b2", "fill-opacity": ".35", d });
      shape(svg, { stroke: "#1a1a1a", "stroke-width": "2.5", "stroke-dasharray": impossible ? "5 3" : "none",
        d: box(left, top, dilation * (width - 1) + 1, dilation * (height - 1) + 1) });
    }

    function pane(name, role, cell, height, width, draw) {
      const made = document.createElement("div"), label = document.createElement("span");
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), edge = 2 / cell;
      made.className = "cs-pane cs-" + role;
      label.textContent = name;
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", name);
      svg.setAttribute("width", width * cell + 4);
      svg.setAttribute("height", height * cell + 4);
      svg.setAttribute("viewBox", `${-edge} ${-edge} ${width + 2 * edge} ${height + 2 * edge}`);
      svg.setAttribute("fill", "none");
      draw(svg);
      made.append(label, svg);
      return made;
    }

    function show() {
      rows = axis(now.height, now.kernelHeight);
      columns = axis(now.width, now.kernelWidth);
      count = rows.size * columns.size;
      place = Math.max(0, Math.min(place, count - 1));
      const row = count ? Math.floor(place / columns.size) : 0, column = count ? place % columns.size : 0;
      const height = Math.max(rows.padded, rows.span), width = Math.max(columns.padded, columns.span);
      const cell = Math.max(1, Math.min(28, Math.floor(280 / Math.max(height, width))));
      const padded = rows.padded === rows.n && columns.padded === columns.n ? "" : `, padded ${rows.padded}×${columns.padded}`;
      const made = [pane(`input ${rows.n}×${columns.n}${padded}`, "in", cell, height, width, svg => {
        shape(svg, { fill: "#e4e4e4", d: box(0, 0, columns.padded, rows.padded) });
        shape(svg, { fill: "#fff", d: box(columns.before, rows.before, columns.n, rows.n) });
        grid(svg, cell, rows.padded, columns.padded);
        shape(svg, { stroke: "#595959", "stroke-width": "1.5", d: box(columns.before, rows.before, columns.n, rows.n) });
        if (count) {
          let d = "";
          if (cell < 3) {
            rows.unread.forEach(r => d += box(columns.before, r + rows.before, columns.n, 1));
            columns.unread.forEach(c => d += box(c + columns.before, rows.before, 1, rows.n));
            shape(svg, { fill: "#b34700", d });
          } else {
            for (let r = 0; r < rows.n; r++) for (let c = 0; c < columns.n; c++)
              if (rows.unread.includes(r) || columns.unread.includes(c)) d += `M${c + columns.before} ${r + rows.before}l1 1m0-1l-1 1`;
            shape(svg, { stroke: "#b34700", d });
          }
        }
        frame(svg, row * now.stride, column * now.stride, rows.k, columns.k, now.dilation, !count);
      })];
      if (count) made.push(pane(`output ${rows.size}×${columns.size}`, "out", cell, rows.size, columns.size, svg => {
        shape(svg, { fill: "#fff", d: box(0, 0, columns.size, rows.size) });
        grid(svg, cell, rows.size, columns.size);
        frame(svg, row, column, 1, 1, 1);
      }));
      panes.replaceChildren(...made);
      words.replaceChildren(...lines().map(([text, when]) => {
        const line = document.createElement("p");
        line.textContent = text;
        if (when === "impossible" || when === "refused") line.className = "cs-impossible";
        return line;
      }));
      walk.input.max = Math.max(0, count - 1);
      walk.input.value = place;
      walk.input.disabled = !count;
      walk.input.setAttribute("aria-valuetext", count ? `window ${place + 1} of ${count}` : "none");
      walk.output.textContent = count ? `${place + 1} of ${count}` : "none";
      view.querySelectorAll(".cs-bar button").forEach(button => button.disabled = count < 2);
      paddings.input.disabled = now.same;
      paddings.output.textContent = now.same ? "SAME" : now.padding;
    }

    const sliders = document.createElement("div"), bar = document.createElement("div");
    sliders.className = "cs-sliders";
    bar.className = "cs-bar";
    function slider(name, least, most, value, act) {
      const label = document.createElement("label"), text = document.createElement("span");
      const input = document.createElement("input"), output = document.createElement("output");
      text.textContent = name;
      Object.assign(input, { type: "range", min: least, max: most, value });
      output.textContent = value;
      input.addEventListener("input", () => {
        pause();
        output.textContent = input.value;
        act(+input.value);
        show();
      });
      label.append(text, input, output);
      sliders.append(label);
      return { input, output };
    }
    const setting = (name, keys, least, most) =>
      slider(name, least, Math.max(most, now[keys[0]]), now[keys[0]], value => keys.forEach(key => now[key] = value));
    const both = (name, first, second, most) => now[first] === now[second] ? setting(name, [first, second], 1, most)
      : [setting(name + ", rows", [first], 1, most), setting(name + ", columns", [second], 1, most)];
    both("input n", "height", "width", 32);
    both("kernel k", "kernelHeight", "kernelWidth", 11);
    setting("stride s", ["stride"], 1, 6);
    const paddings = setting("padding p", ["padding"], 0, 6);
    if (now.dilation > 1) setting("dilation d", ["dilation"], 1, 4);
    const walk = slider("window", 0, 0, 0, value => place = value);

    const same = document.createElement("label"), sameBox = document.createElement("input");
    same.className = "cs-same";
    Object.assign(sameBox, { type: "checkbox", checked: now.same });
    sameBox.addEventListener("change", () => { pause(); now.same = sameBox.checked; show(); });
    same.append(sameBox, "SAME: as much padding as ⌈n / s⌉ places need");

    function pause() {
      clearInterval(timer);
      timer = 0;
      play.textContent = "Play";
      words.setAttribute("aria-live", "polite");
    }
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
      words.setAttribute("aria-live", "off");
      place = (place + 1) % count;
      show();
      timer = setInterval(() => {
        if (!view.isConnected || place === count - 1) return pause();
        place++;
        show();
      }, Math.max(60, Math.min(700, 20000 / count)));
    });
    play.className = "cs-play";
    button("Back", () => { pause(); place = (place + count - 1) % count; show(); });
    button("Step", () => { pause(); place = (place + 1) % count; show(); });
    const hint = document.createElement("span");
    hint.textContent = "Or point at a cell of the output.";
    bar.append(hint);

    // not pointerover: that comes too when the drawing under a resting pointer is renewed
    panes.addEventListener("pointermove", point);
    panes.addEventListener("pointerdown", point);
    function point(event) {
      const svg = event.target.closest(".cs-out svg");
      if (!svg) return;
      const bounds = svg.getBoundingClientRect(), edge = svg.viewBox.baseVal;
      const at = (from, size, start, length, cells) =>
        Math.max(0, Math.min(cells - 1, Math.floor((from - start) / length * size - (size - cells) / 2)));
      const row = at(event.clientY, edge.height, bounds.top, bounds.height, rows.size);
      const column = at(event.clientX, edge.width, bounds.left, bounds.width, columns.size);
      if (row * columns.size + column === place) return;
      pause();
      place = row * columns.size + column;
      show();
    }

    panes.before(sliders, same, bar);
    show();
  });
})();
