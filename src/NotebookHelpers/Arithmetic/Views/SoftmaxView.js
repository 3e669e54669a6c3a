// The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
// yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere.
(() => {
  function element(tag, className, ...content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  document.querySelectorAll("figure.convnet-softmax:not([data-upgraded])").forEach(view => {
    view.setAttribute("data-upgraded", "");
    const data = JSON.parse(view.querySelector("script[type='application/json']").textContent);
    if (!document.querySelector("style[data-convnet='softmax']")) {
      const style = element("style", "", data.style);
      style.dataset.convnet = "softmax";
      document.head.append(style);
    }
    const words = element("p", "cx-words"), total = element("td", "cx-sum");
    words.setAttribute("aria-live", "polite");
    const power = exponent => ["e", element("sup", "", exponent)];
    const head = text => {
      const made = element("th", "", ...[text].flat());
      made.scope = "col";
      return made;
    };
    const first = text => {
      const made = element("th", "", text);
      made.scope = "row";
      return made;
    };
    const rows = data.rows.map(({ name, logit, isOthers }) => {
      const row = { name, start: logit, logit, others: isOthers, label: element("td", "cx-logit") };
      Object.assign(row, { power: element("td", "cx-power"), share: element("span"), bar: element("i") });
      const share = element("td", "cx-share", row.share, row.bar);
      row.row = element("tr", isOthers ? "cx-others" : "", first(name), row.label, row.power, share);
      return row;
    });
    const caption = element("figcaption"), settings = data.settings.split("e^z");
    if (data.title) caption.append(element("b", "", data.title), element("br"));
    caption.append(settings[0], ...power("z"), settings[1]);
    const table = element("table", "",
      element("thead", "", element("tr", "",
        head("class"), head("logit z"), head(power(data.isShifted ? "z − largest" : "z")), head("quotient"))),
      element("tbody", "", ...rows.map(row => row.row)),
      element("tfoot", "", element("tr", "", first("sum"), element("td"), total, element("td", "", "1"))));
    table.style.margin = "8px 0"; // inline, to keep a page's rules for plain tables away
    view.querySelector("img").replaceWith(caption, table, words);

    // four significant figures, rounded as SoftmaxView.cs does, with the same steps: halves go to the even neighbour
    const round = (value, digits) => {
      const scaled = value * 10 ** digits, floor = Math.floor(scaled), rest = scaled - floor;
      return (rest > 0.5 || rest === 0.5 && floor % 2 !== 0 ? floor + 1 : floor) / 10 ** digits;
    };
    const number = value => {
      const size = Math.abs(value), sign = value < 0 ? "−" : "";
      if (!size) return "0";
      if (size >= 0.001 && size < 1e6) return sign + round(size, Math.max(0, 3 - Math.floor(Math.log10(size))));
      const [mantissa, exponent] = size.toExponential(15).split("e");
      return sign + round(+mantissa, 3) + "e" + exponent.replace("-", "−");
    };
    const operand = value => value < 0 ? "(" + number(value) + ")" : number(value);
    const largest = () => rows.filter(row => !row.others).reduce((best, row) => row.logit > best.logit ? row : best);
    let current = largest();

    function show() {
      const shift = data.isShifted ? Math.max(...rows.map(row => row.logit)) : 0;
      const powers = rows.map(row => Math.exp(row.logit - shift)), sum = powers.reduce((a, b) => a + b, 0);
      rows.forEach((row, index) => {
        row.power.textContent = number(powers[index]);
        row.share.textContent = number(powers[index] / sum);
        row.bar.style.width = 100 * powers[index] / sum + "%";
        row.row.classList.toggle("cx-now", row === current);
        if (row.others) return;
        row.input.min = Math.min(row.input.min, Math.floor(row.logit));
        row.input.max = Math.max(row.input.max, Math.ceil(row.logit));
        row.input.value = row.logit;
        row.output.textContent = number(row.logit);
      });
      total.textContent = number(sum);
      const at = rows.indexOf(current), power = document.createElement("sup");
      power.textContent = number(current.logit) + (data.isShifted ? " − " + operand(shift) : "");
      words.replaceChildren(current.name + ": e", power,
        ` / sum ≈ ${number(powers[at])} / (${powers.map(number).join(" + ")}) ≈ ` +
        `${number(powers[at])} / ${number(sum)} ≈ ${number(powers[at] / sum)}`);
    }

    // powers of more than this are no 64-bit numbers, unless the largest logit is taken away first
    const limit = data.isShifted ? 1e6 : 700;
    const allowed = logit => Math.max(-limit, Math.min(limit, Math.round(logit * 10) / 10));
    rows.filter(row => !row.others).forEach(row => {
      const cell = row.label, label = document.createElement("label");
      row.input = document.createElement("input");
      row.output = document.createElement("output");
      row.input.setAttribute("aria-label", "logit of " + row.name);
      Object.assign(row.input, { type: "range", step: "any", min: -10, max: 10 });
      row.input.addEventListener("input", () => { row.logit = allowed(+row.input.value); current = row; show(); });
      row.input.addEventListener("keydown", event => {
        const step = { ArrowLeft: -0.1, ArrowDown: -0.1, ArrowRight: 0.1, ArrowUp: 0.1, PageDown: -1, PageUp: 1 }[event.key];
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        row.logit = allowed(row.logit + step);
        current = row;
        show();
      });
      const point = () => { if (current !== row) { current = row; show(); } };
      row.row.addEventListener("pointerover", point);
      row.input.addEventListener("focus", point);
      label.append(row.input, row.output);
      cell.replaceChildren(label);
    });

    const bar = document.createElement("div");
    bar.className = "cx-bar";
    function button(label, change, then) {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      made.addEventListener("click", () => {
        if (rows.every(row => Math.abs(change(row)) <= limit)) rows.forEach(row => row.logit = change(row));
        if (then) then();
        show();
      });
      bar.append(made);
    }
    button("Add 1 to every logit", row => row.logit + 1);
    if (!rows.some(row => row.others)) button("Double every logit", row => row.logit * 2);
    button("Reset", row => row.start, () => current = largest());
    words.after(bar);
    show();
  });
})();
