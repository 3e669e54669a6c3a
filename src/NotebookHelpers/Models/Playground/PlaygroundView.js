// The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
// yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere.
(() => {
  // ---- the network: values as the lesson computes them, in plain loops ----
  const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), letter => letter.charCodeAt(0));
  const floats = text => new Float32Array(bytes(text).buffer);

  function unpack({ bits, scales: packedScales, numbers }) {
    const scales = floats(packedScales), packed = bytes(numbers), count = Math.floor(packed.length * 8 / bits);
    const length = Math.floor(count / scales.length), values = new Float32Array(scales.length * length);
    for (let i = 0, at = 0; i < values.length; i++, at += bits) {
      const byte = at >> 3, number = (packed[byte] | packed[byte + 1] << 8 | packed[byte + 2] << 16) >> (at & 7);
      values[i] = (number << 32 - bits >> 32 - bits) * scales[Math.floor(i / length)];
    }
    return values;
  }

  function prepare(layer) {
    if (layer.weights) Object.assign(layer, { weights: unpack(layer.weights), bias: floats(layer.bias) });
    if (layer.type === "norm") Object.assign(layer, { factor: floats(layer.factor), summand: floats(layer.summand) });
    return layer;
  }

  const map = (c, h, w) => ({ c, h, w, values: new Float32Array(c * h * w) });

  function conv(x, layer) {
    const { kernel: k, stride: s, padding: p, weights, bias } = layer;
    const y = map(layer.outputs, Math.floor((x.h + 2 * p - k) / s) + 1, Math.floor((x.w + 2 * p - k) / s) + 1);
    for (let o = 0, at = 0; o < y.c; o++)
      for (let r = 0; r < y.h; r++)
        for (let c = 0; c < y.w; c++, at++) {
          let sum = bias[o];
          for (let n = 0; n < x.c; n++)
            for (let i = 0; i < k; i++) {
              const row = r * s + i - p;
              if (row < 0 || row >= x.h) continue;
              for (let j = 0; j < k; j++) {
                const column = c * s + j - p;
                if (column >= 0 && column < x.w) sum += weights[((o * x.c + n) * k + i) * k + j] * x.values[(n * x.h + row) * x.w + column];
              }
            }
          y.values[at] = sum;
        }
    return y;
  }

  function max(x, { kernel: k, stride: s }) {
    const y = map(x.c, Math.floor((x.h - k) / s) + 1, Math.floor((x.w - k) / s) + 1);
    for (let n = 0, at = 0; n < y.c; n++)
      for (let r = 0; r < y.h; r++)
        for (let c = 0; c < y.w; c++, at++) {
          let most = -Infinity;
          for (let i = 0; i < k; i++)
            for (let j = 0; j < k; j++) most = Math.max(most, x.values[(n * x.h + r * s + i) * x.w + c * s + j]);
          y.values[at] = most;
        }
    return y;
  }

  function linear(x, { inputs, outputs, weights, bias }) {
    const y = map(outputs, 1, 1);
    for (let o = 0; o < outputs; o++) {
      let sum = bias[o];
      for (let i = 0, at = o * inputs; i < inputs; i++) sum += weights[at + i] * x.values[i];
      y.values[o] = sum;
    }
    return y;
  }

  function each(x, change) {
    const y = map(x.c, x.h, x.w), size = x.h * x.w;
    for (let i = 0; i < y.values.length; i++) y.values[i] = change(x.values[i], Math.floor(i / size));
    return y;
  }

  const selu = v => 1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * (Math.exp(v) - 1));
  const kinds = {
    conv, max, linear,
    norm: (x, { factor, summand }) => each(x, (v, c) => v * factor[c] + summand[c]),
    flatten: x => ({ c: x.values.length, h: 1, w: 1, values: x.values }),
    dropout: x => x,
    relu: x => each(x, v => Math.max(v, 0)),
    selu: x => each(x, selu),
    silu: x => each(x, v => v / (1 + Math.exp(-v))),
    tanh: x => each(x, Math.tanh)
  };

  // What every layer gives, the input first.
  const run = (layers, pixels) => layers.reduce((all, layer) => [...all, kinds[layer.type](all[all.length - 1], layer)],
    [{ c: 1, h: 28, w: 28, values: Float32Array.from(pixels) }]);

  function softmax(logits) {
    const most = Math.max(...logits), powers = [...logits].map(logit => Math.exp(logit - most)), sum = powers.reduce((a, b) => a + b, 0);
    return powers.map(power => power / sum);
  }

  // ---- a drawing becomes a digit as MNIST's were made: fitted into 20×20, its centre of mass in the middle of 28×28 ----
  function paper(size) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    return canvas.getContext("2d", { willReadFrequently: true });
  }

  function bounds(context) {
    const size = context.canvas.width, data = context.getImageData(0, 0, size, size).data;
    let left = size, right = -1, top = size, bottom = -1;
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        if (data[(y * size + x) * 4 + 3] > 20) {
          left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
        }
    return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
  }

  function digit(context) {
    const box = bounds(context);
    if (!box) return new Float32Array(784);
    const scale = 20 / Math.max(box.width, box.height), width = box.width * scale, height = box.height * scale, small = paper(28);
    small.imageSmoothingQuality = "high";
    const read = (x, y) => {
      small.clearRect(0, 0, 28, 28);
      small.drawImage(context.canvas, box.left, box.top, box.width, box.height, x, y, width, height);
      const ink = small.getImageData(0, 0, 28, 28).data;
      return Float32Array.from({ length: 784 }, (_, i) => ink[i * 4 + 3] / 255);
    };
    const x = 14 - width / 2, y = 14 - height / 2, middle = centre(read(x, y));
    return read(x + 14 - middle.x, y + 14 - middle.y);
  }

  function centre(pixels) {
    let sum = 0, x = 0, y = 0;
    pixels.forEach((ink, i) => { sum += ink; x += ink * (i % 28 + 0.5); y += ink * (Math.floor(i / 28) + 0.5); });
    return { x: x / sum, y: y / sum };
  }

  // ---- words for one value of a layer: its window and its sum ----
  const number = value => (Math.abs(value) < 0.0005 ? "0" : value.toFixed(3).replace(/\.?0+$/, "")).replace("-", "−");
  const factor = value => value < -0.0005 ? `(${number(value)})` : number(value);

  function terms(layer, x, c, row, column) {
    const found = [], { kernel: k, stride: s, padding: p } = layer;
    if (layer.type === "linear") x.values.forEach((value, i) => found.push([layer.weights[c * layer.inputs + i], value]));
    else for (let n = 0; n < x.c; n++)
      for (let i = 0; i < k; i++)
        for (let j = 0; j < k; j++) {
          const r = row * s + i - p, q = column * s + j - p;
          const value = r >= 0 && r < x.h && q >= 0 && q < x.w ? x.values[(n * x.h + r) * x.w + q] : 0;
          found.push([layer.weights[((c * x.c + n) * k + i) * k + j], value]);
        }
    return found;
  }

  function explain(layer, x, y, c, row, column) {
    const value = y.values[(c * y.h + row) * y.w + column], place = y.h * y.w > 1 ? `map ${c}, row ${row}, column ${column}` : `value ${c}`;
    const start = `${layer.name || layer.type}, ${place}: `;
    if (layer.type === "conv" || layer.type === "linear") {
      const all = terms(layer, x, c, row, column).map(([w, v]) => [w, v, w * v]).sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]));
      const shown = all.slice(0, 4), others = all.slice(4).reduce((sum, term) => sum + term[2], 0);
      return start + shown.map(([w, v]) => `${factor(w)} · ${factor(v)}`).join(" + ")
        + (all.length > 4 ? ` + ${factor(others)} from ${all.length - 4} smaller terms` : "")
        + ` + bias ${factor(layer.bias[c])} = ${number(value)}`;
    }
    if (layer.type === "max") return `${start}the largest of ${layer.kernel}×${layer.kernel} values = ${number(value)}`;
    return `${start}${layer.type} of ${number(x.values[(c * y.h + row) * y.w + column])} = ${number(value)}`;
  }

  // ---- gradient descent on the last layer with weights: a logit's gradient is its probability, less 1 for the right class;
  // what follows the layer (the published network's SELU) passes on as much of it as its slope says ----
  function learn(layer, after, x, right, steps) {
    const size = x.values.reduce((sum, value) => sum + value * value, 1), losses = [];
    const answer = sums => after.reduce((values, next) => kinds[next.type](values, next), sums).values;
    for (let step = 0; step <= steps; step++) {
      const sums = linear(x, layer), shares = softmax(answer(sums)), near = 1e-3;
      const [more, less] = [near, -near].map(change => answer(each(sums, value => value + change)));
      losses.push(-Math.log(Math.max(shares[right], 1e-12)));
      if (step < steps) shares.forEach((share, o) => {
        const slope = (share - (o === right ? 1 : 0)) * (more[o] - less[o]) / (2 * near) / size;   // a step as long as the input asks for
        for (let i = 0; i < layer.inputs; i++) layer.weights[o * layer.inputs + i] -= slope * x.values[i];
        layer.bias[o] -= slope;
      });
    }
    return losses;
  }

  // ---- one view ----
  function upgrade(view) {
    const data = JSON.parse(view.querySelector("script[type='application/json']").textContent);
    const { models, examples, classes, labels } = data;
    if (!document.querySelector("style[data-convnet='playground']")) {
      const style = document.createElement("style");
      style.dataset.convnet = "playground";
      style.textContent = data.style;
      document.head.append(style);
    }
    models.forEach(model => model.layers.forEach(prepare));
    view.network = pixels => run(models[chosen].layers, pixels).pop().values;   // for tests, and for the curious
    const make = (name, into, set = {}) => into.appendChild(Object.assign(document.createElement(name), set));
    const button = (text, into, act) => {
      const made = make("button", into, { type: "button", textContent: text });
      made.addEventListener("click", act);
      return made;
    };
    let chosen = 0, pixels = new Float32Array(784), occluded = null, all = [];

    const stage = document.createElement("div");
    stage.className = "cp-stage";
    const desk = make("div", stage, { className: "cp-desk" }), side = make("div", stage, { className: "cp-side" });
    const maps = document.createElement("div");
    maps.className = "cp-maps";

    const sheet = make("div", desk, { className: "cp-sheet" }), penMark = make("i", sheet, { hidden: true });
    const pad = make("canvas", sheet, { width: 280, height: 280, tabIndex: 0 });
    pad.setAttribute("role", "application");
    pad.setAttribute("aria-label", "Paper: draw a digit by mouse or finger. "
      + "By keyboard: arrow keys move the pen, Space sets it down or lifts it, Delete clears. A picture can be pasted.");
    const ink = pad.getContext("2d", { willReadFrequently: true });
    Object.assign(ink, { lineWidth: 22, lineCap: "round", lineJoin: "round" });
    const tools = make("div", desk, { className: "cp-bar" });
    button("Clear", tools, () => { ink.clearRect(0, 0, 280, 280); redraw(); });
    const hide = make("label", tools), hideBox = make("input", hide, { type: "checkbox" });
    hide.append(" hide 7×7 pixels under the pointer");
    hideBox.addEventListener("change", () => { occluded = null; show(); });
    const fileLabel = make("label", tools, { textContent: "a picture: ", className: "cp-file" });
    const file = make("input", fileLabel, { type: "file", accept: "image/*" });
    const picks = make("div", desk, { className: "cp-picks" });

    const answer = make("p", side, { className: "cp-answer" });
    answer.setAttribute("aria-live", "polite");
    let select = null;
    if (models.length > 1) {
      const label = make("label", side, { textContent: "network: " });
      select = make("select", label);
      models.forEach(model => make("option", select, { textContent: model.name }));
      select.addEventListener("change", () => { chosen = select.selectedIndex; build(); show(); });
    }
    const bars = make("div", side, { className: "cp-bars" });
    const rows = classes.map(name => {
      const row = make("div", bars);
      make("span", row, { textContent: name });
      return { bar: make("i", make("b", row)), text: make("span", row) };
    });
    const teach = make("div", side, { className: "cp-bar cp-teach" });
    make("span", teach, { textContent: "Wrong? Say what it is, and the last layer learns it:" });
    const kept = new Map();
    classes.forEach((name, right) => button(name, teach, () => {
      const { layers } = models[chosen], index = layers.findLastIndex(other => other.type === "linear"), layer = layers[index];
      if (!kept.has(layer)) kept.set(layer, { weights: layer.weights.slice(), bias: layer.bias.slice() });
      const losses = learn(layer, layers.slice(index + 1), all[index], right, 10);
      show();
      words.textContent = `Ten steps of gradient descent on ${layer.name || "the last layer"}: `
        + `the loss for this digit went from ${number(losses[0])} to ${number(losses[10])}.`;
    }));
    button("Forget it", teach, () => {
      kept.forEach((copy, layer) => Object.assign(layer, { weights: copy.weights.slice(), bias: copy.bias.slice() }));
      show();
      words.textContent = "The weights are the trained ones again.";
    });
    const seenFigure = make("figure", side, { className: "cp-seen" }), seenHolder = make("span", seenFigure);
    const seen = make("canvas", seenHolder, { width: 28, height: 28 });
    make("figcaption", seenFigure, { textContent: "what the network sees: 28×28, centred by its mass" });
    const words = make("p", side, { className: "cp-words" });
    words.setAttribute("aria-live", "polite");

    // drawing
    let last = null;
    const at = event => {
      const box = pad.getBoundingClientRect();
      return { x: (event.clientX - box.left) * 280 / box.width, y: (event.clientY - box.top) * 280 / box.height };
    };
    function stroke(from, to) {
      ink.beginPath();
      ink.moveTo(from.x, from.y);
      ink.lineTo(to.x + 0.01, to.y);
      ink.stroke();
      redraw();
    }
    pad.addEventListener("pointerdown", event => {
      event.preventDefault();
      pad.focus();
      pad.setPointerCapture(event.pointerId);
      stroke(last = at(event), last);
    });
    pad.addEventListener("pointermove", event => {
      if (last) { const here = at(event); stroke(last, here); last = here; }
      else if (hideBox.checked) { occluded = at(event); show(); }
    });
    for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => last = null);
    pad.addEventListener("pointerleave", () => { if (occluded) { occluded = null; show(); } });
    const pen = { x: 140, y: 140, down: false };
    pad.addEventListener("blur", () => penMark.hidden = true);
    pad.addEventListener("keydown", event => {
      const move = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] }[event.key];
      if (event.altKey || event.ctrlKey || event.metaKey || !(move || event.key === " " || event.key === "Delete")) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Delete") { ink.clearRect(0, 0, 280, 280); redraw(); return; }
      const from = { x: pen.x, y: pen.y };
      if (move) [pen.x, pen.y] = [pen.x + move[0], pen.y + move[1]].map(value => Math.max(0, Math.min(280, value)));
      else pen.down = !pen.down;
      penMark.hidden = false;
      Object.assign(penMark.style, { left: `${pen.x / 2.8}%`, top: `${pen.y / 2.8}%` });
      penMark.classList.toggle("cp-down", pen.down);
      if (pen.down) stroke(from, pen);
      else if (hideBox.checked) { occluded = { x: pen.x, y: pen.y }; show(); }
      words.textContent = `pen ${pen.down ? "down" : "up"} at column ${Math.round(pen.x / 10)}, row ${Math.round(pen.y / 10)} of 28`;
    });
    function redraw() {
      pixels = digit(ink);
      show();
    }

    // examples and pictures
    examples.forEach((text, index) => {
      const values = bytes(text), pick = button("", picks, () => {
        ink.clearRect(0, 0, 280, 280);
        const small = paper(28);
        paint(small, values, 28, 28, value => [0, 0, 0, value]);
        ink.drawImage(small.canvas, 0, 0, 280, 280);
        pixels = Float32Array.from(values, value => value / 255);
        show();
      });
      pick.setAttribute("aria-label", `digit ${index}: ${labels[index]}`);
      const canvas = make("canvas", pick, { width: 28, height: 28 });
      paint(canvas.getContext("2d"), values, 28, 28, value => [255 - value, 255 - value, 255 - value, 255]);
    });
    async function picture(blob) {
      if (!blob) return;
      try {
        const image = await createImageBitmap(blob), context = paper(280), scale = 240 / Math.max(image.width, image.height);
        context.drawImage(image, 140 - image.width * scale / 2, 140 - image.height * scale / 2, image.width * scale, image.height * scale);
        const data = context.getImageData(0, 0, 280, 280), grey = i => (data.data[i] + data.data[i + 1] + data.data[i + 2]) / 3;
        let edge = 0, count = 0;      // the paper's grey: whatever stands at the picture's edge
        const x0 = Math.ceil(140 - image.width * scale / 2) + 1, y0 = Math.ceil(140 - image.height * scale / 2) + 1;
        for (let x = x0; x < 279 - x0; x++) { edge += grey((y0 * 280 + x) * 4); count++; }
        edge /= count;
        for (let i = 0; i < data.data.length; i += 4) {
          const depth = data.data[i + 3] ? Math.abs(grey(i) - edge) : 0;
          data.data.set([0, 0, 0, depth < 60 ? 0 : Math.min(255, depth * 1.5)], i);
        }
        ink.putImageData(data, 0, 0);
        redraw();
      } catch {
        words.textContent = "That is no picture that this browser can read: a PNG or JPEG of one dark digit on light paper is best.";
      }
    }
    file.addEventListener("change", () => picture(file.files[0]));
    pad.addEventListener("paste", event => picture([...event.clipboardData.files].find(item => item.type.startsWith("image/"))));

    // the layers' maps
    function paint(context, values, w, h, colour) {
      const data = context.createImageData(w, h);
      for (let i = 0; i < w * h; i++) data.data.set(colour(values[i]), i * 4);
      context.putImageData(data, 0, 0);
    }
    let strips = [];
    function build() {
      maps.replaceChildren();
      strips = [];
      const sizes = run(models[chosen].layers, pixels);
      models[chosen].layers.forEach((layer, index) => {
        const y = sizes[index + 1];
        if (layer.type === "dropout" || layer.type === "flatten") return;
        const strip = make("div", maps, { className: "cp-strip" });
        const size = y.h * y.w > 1 ? `${y.c} maps of ${y.h}×${y.w}` : `${y.c} values`;
        make("span", strip, { textContent: `${layer.name || layer.type} ${size}` });
        const box = make("div", strip, { tabIndex: 0 }), flat = y.h * y.w === 1, columns = flat ? Math.min(y.c, 64) : y.w;
        box.setAttribute("role", "application");
        box.setAttribute("aria-label", `${layer.name || layer.type}, ${size}. Arrow keys go from value to value`
          + (flat ? "." : ", Page Up and Page Down from map to map."));
        const tiles = Array.from({ length: flat ? 1 : y.c }, (_, c) => {
          const holder = make("span", box), canvas = make("canvas", holder);
          Object.assign(canvas, { width: columns, height: flat ? Math.ceil(y.c / columns) : y.h });
          holder.style.width = flat ? `${columns * 8}px` : `${Math.max(56, y.w * 2)}px`;
          const follow = event => {
            const area = canvas.getBoundingClientRect();
            point(made, c, Math.floor((event.clientY - area.top) / area.height * canvas.height),
              Math.floor((event.clientX - area.left) / area.width * canvas.width));
          };
          canvas.addEventListener("pointermove", follow);
          canvas.addEventListener("pointerdown", follow);
          return { holder, canvas };
        });
        const made = { index, layer, flat, maps: tiles, at: [0, 0, 0] };
        box.addEventListener("focus", () => { if (box.matches(":focus-visible")) point(made, ...made.at); });
        box.addEventListener("keydown", event => {
          const [map, row, column] = { ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0], ArrowLeft: [0, 0, -1], ArrowRight: [0, 0, 1],
            PageUp: [-1, 0, 0], PageDown: [1, 0, 0] }[event.key] ?? [];
          if (map === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          event.stopPropagation();
          point(made, made.at[0] + map, made.at[1] + row, made.at[2] + column);
        });
        strips.push(made);
      });
    }

    // A value in words, with a frame around it and around the window of each map that it was made of.
    function point(strip, c, row, column) {
      const { index, layer, flat, maps } = strip, within = (value, count) => Math.max(0, Math.min(count - 1, value));
      c = within(c, maps.length);
      const { canvas } = maps[c];
      [row, column] = [within(row, canvas.height), within(column, canvas.width)];
      strip.at = [c, row, column];
      const value = flat ? row * canvas.width + column : c, x = all[index], y = all[index + 1];
      if (value >= y.c) return;
      view.querySelectorAll(".cp-mark").forEach(mark => mark.remove());
      frame(maps[c], row, column, 1, 1);
      words.textContent = flat ? explain(layer, x, y, value, 0, 0) : explain(layer, x, y, c, row, column);
      if (flat) return;
      const { kernel = 1, stride = 1, padding = 0 } = layer, before = strips.findLast(other => other.index < index);
      const read = !before ? [{ holder: seenHolder, canvas: seen }] : layer.type === "conv" ? before.maps : [before.maps[c]];
      read.forEach(map => frame(map, row * stride - padding, column * stride - padding, kernel, kernel));
    }

    function frame({ holder, canvas }, row, column, height, width) {
      const mark = make("i", holder, { className: "cp-mark" });
      const [top, left] = [Math.max(0, row), Math.max(0, column)];
      const [bottom, right] = [Math.min(canvas.height, row + height), Math.min(canvas.width, column + width)];
      const part = (value, of) => `${100 * value / of}%`;
      Object.assign(mark.style, { top: part(top, canvas.height), left: part(left, canvas.width),
        height: part(bottom - top, canvas.height), width: part(right - left, canvas.width) });
    }

    // Orange above zero, blue below, nothing at zero: as far as the page's colours let through.
    const hues = { light: [[213, 94, 1], [0, 96, 168]], dark: [[255, 140, 58], [74, 163, 240]] };
    function paintMap({ canvas }, values, most, [above, below]) {
      const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height), { data } = image;
      values.forEach((value, i) => {
        const color = value > 0 ? above : below;
        for (let part = 0; part < 3; part++) data[i * 4 + part] = color[part];
        data[i * 4 + 3] = 255 * Math.min(1, Math.abs(value) / most);
      });
      context.putImageData(image, 0, 0);
    }
    function scheme() {
      const [r, g, b] = getComputedStyle(view).color.match(/[\d.]+/g).map(Number);
      return 0.3 * r + 0.6 * g + 0.1 * b > 128 ? hues.dark : hues.light;
    }

    function show() {
      const input = Float32Array.from(pixels);
      if (occluded) {
        const x = Math.floor(occluded.x / 10), y = Math.floor(occluded.y / 10);
        for (let i = Math.max(0, y - 3); i < Math.min(28, y + 4); i++)
          for (let j = Math.max(0, x - 3); j < Math.min(28, x + 4); j++) input[i * 28 + j] = 0;
      }
      all = run(models[chosen].layers, input);
      teach.hidden = models[chosen].layers.every(layer => layer.type !== "linear");
      paint(seen.getContext("2d"), input, 28, 28, value => [255 - value * 255, 255 - value * 255, 255 - value * 255, 255]);
      const shares = softmax(all[all.length - 1].values), best = shares.indexOf(Math.max(...shares));
      const empty = pixels.every(value => value === 0);
      answer.textContent = empty ? "Draw a digit, or take one of those below."
        : `It reads: ${classes[best]} (${(100 * shares[best]).toFixed(1)} %)`;
      rows.forEach(({ bar, text }, index) => {
        bar.style.width = `${empty ? 0 : 100 * shares[index]}%`;
        text.textContent = empty ? "" : `${(100 * shares[index]).toFixed(1)} %`;
      });
      const colors = scheme();
      strips.forEach(({ index, flat, maps }) => {
        const { values, h, w } = all[index + 1], most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
        maps.forEach((map, c) => paintMap(map, flat ? values : values.subarray(c * h * w, (c + 1) * h * w), most, colors));
      });
    }

    // The maps change their colours with the page or the editor.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    new MutationObserver(show).observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] });

    const heading = document.createElement("p");
    heading.className = "cp-title";
    heading.textContent = data.title;
    view.querySelector("img").replaceWith(heading, stage, maps);
    build();
    picks.querySelector("button")?.click();
    show();
  }

  document.querySelectorAll("figure.convnet-playground:not([data-upgraded])").forEach(view => {
    view.setAttribute("data-upgraded", "");
    upgrade(view);
  });
})();
