// The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
// yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere. Its words and drawings
// are those of HyperparameterView.cs, for settings that change.
(() => {
  document.querySelectorAll("figure.convnet-settings:not([data-upgraded])").forEach(view => {
    view.setAttribute("data-upgraded", "");
    const now = JSON.parse(view.dataset.settings), words = view.querySelector(".cs-words"), panes = view.querySelector(".cs-panes");
    let place = 0, timer = 0, rows, columns, count;

    const minus = number => String(number).replace("-", "−");
    function axis(input, kernel) {
      const span = now.dilation * (kernel - 1) + 1, s = now.stride;
      const total = now.same ? Math.max(0, (Math.ceil(input / s) - 1) * s + span - input) : 2 * now.padding;
      const before = Math.floor(total / 2), padded = input + total;
      const size = padded < span ? 0 : Math.floor((padded - span) / s) + 1;
      const read = new Set();
      for (let p = 0; p < size; p++) for (let cell = 0; cell < kernel; cell++) read.add(p * s + cell * now.dilation - before);
      const unread = [...Array(input).keys()].filter(cell => !read.has(cell));
      return { input, kernel, span, total, before, after: total - before, padded, size, unread };
    }

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
      const made = [], s = now.stride, d = now.dilation;
      const square = rows.input === columns.input && rows.kernel === columns.kernel;
      (square ? [[rows, "Each axis"]] : [[rows, "Rows"], [columns, "Columns"]]).forEach(([a, name]) => {
        if (d > 1) made.push([`${name}: with dilation ${d} the kernel spans d·(k − 1) + 1 = ${d}·(${a.kernel} − 1) + 1 = ${a.span} cells; that is its k below.`]);
        if (now.same) made.push([`${name}: SAME adds max((⌈n / s⌉ − 1)·s + k − n, 0) = max((⌈${a.input} / ${s}⌉ − 1)·${s} + ${a.span} − ${a.input}, 0) = ${a.total}: ${a.before} before and ${a.after} after.`]);
        const [formula, padded] = now.same ? ["n + P", `${a.input} + ${a.total}`] : ["n + 2p", `${a.input} + 2·${now.padding}`];
        const room = a.padded - a.span, steps = Math.floor(room / s);
        made.push([`${name}: ⌊(${formula} − k) / s⌋ + 1 = ⌊(${padded} − ${a.span}) / ${s}⌋ + 1 = ⌊${minus(room)} / ${s}⌋ + 1 = ${minus(steps)} + 1 = ${minus(steps + 1)}.`]);
        if (!a.size) made.push([`Impossible: the kernel spans ${a.span} cells, but the padded input has only ${padded} = ${a.padded}. It can stand nowhere. Take a smaller kernel, a larger input or more padding.`, "cs-impossible"]);
      });
      if (!count) return made;
      const unread = [[rows, "row"], [columns, "column"]].filter(([a]) => a.unread.length).map(([a, name]) => ranges(name, a.unread));
      if (unread.length) made.push([`Marked, because no window reads it: ${unread.join(", ")} of the input.`]);
      if ([rows, columns].some(a => a.before >= a.span)) made.push(["The padding is as wide as the kernel or wider: the outermost windows see nothing but padding."]);
      if (now.pooling && !now.same && [rows, columns].some(a => 2 * a.before > a.span))
        made.push(["Torch refuses this for pooling: there the padding may be at most half of the window.", "cs-impossible"]);
      if (now.same && s > 1) made.push(["This is TensorFlow's SAME; torch's takes stride 1 only."]);
      const at = [Math.floor(place / columns.size), place % columns.size];
      made.push([`Window ${place + 1} of ${count}, for row ${at[0]} and column ${at[1]} of the output: it stands on ${cells("row", rows, at[0])} and ${cells("column", columns, at[1])} of the input.`]);
      return made;
    }

    function cells(name, a, at) {
      const first = at * now.stride - a.before;
      return a.kernel === 1 ? name + " " + minus(first)
        : name + "s " + minus(first) + " to " + minus(first + a.span - 1) + (now.dilation > 1 ? " in steps of " + now.dilation : "");
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
        d += dilation === 1 ? box(left, top, width, height) : box(left + i % width * dilation, top + Math.floor(i / width) * dilation, 1, 1);
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
      const padded = rows.padded === rows.input && columns.padded === columns.input ? "" : `, padded ${rows.padded}×${columns.padded}`;
      const made = [pane(`input ${rows.input}×${columns.input}${padded}`, "in", cell, height, width, svg => {
        shape(svg, { fill: "#e4e4e4", d: box(0, 0, columns.padded, rows.padded) });
        shape(svg, { fill: "#fff", d: box(columns.before, rows.before, columns.input, rows.input) });
        grid(svg, cell, rows.padded, columns.padded);
        shape(svg, { stroke: "#595959", "stroke-width": "1.5", d: box(columns.before, rows.before, columns.input, rows.input) });
        if (count) {
          let d = "";
          if (cell < 3) {
            rows.unread.forEach(r => d += box(columns.before, r + rows.before, columns.input, 1));
            columns.unread.forEach(c => d += box(c + columns.before, rows.before, 1, rows.input));
            shape(svg, { fill: "#b34700", d });
          } else {
            for (let r = 0; r < rows.input; r++) for (let c = 0; c < columns.input; c++)
              if (rows.unread.includes(r) || columns.unread.includes(c)) d += `M${c + columns.before} ${r + rows.before}l1 1m0-1l-1 1`;
            shape(svg, { stroke: "#b34700", d });
          }
        }
        frame(svg, row * now.stride, column * now.stride, rows.kernel, columns.kernel, now.dilation, !count);
      })];
      if (count) made.push(pane(`output ${rows.size}×${columns.size}`, "out", cell, rows.size, columns.size, svg => {
        shape(svg, { fill: "#fff", d: box(0, 0, columns.size, rows.size) });
        grid(svg, cell, rows.size, columns.size);
        frame(svg, row, column, 1, 1, 1);
      }));
      panes.replaceChildren(...made);
      words.replaceChildren(...lines().map(([text, look]) => {
        const line = document.createElement("p");
        line.textContent = text;
        if (look) line.className = look;
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
    const setting = (name, keys, least, most) => slider(name, least, Math.max(most, now[keys[0]]), now[keys[0]], value => keys.forEach(key => now[key] = value));
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
      const at = (from, size, start, length, cells) => Math.max(0, Math.min(cells - 1, Math.floor((from - start) / length * size - (size - cells) / 2)));
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
