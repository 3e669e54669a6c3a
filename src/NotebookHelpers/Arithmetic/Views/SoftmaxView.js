// The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
// yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere.
(() => {
  document.querySelectorAll("figure.convnet-softmax:not([data-upgraded])").forEach(view => {
    view.setAttribute("data-upgraded", "");
    const words = view.querySelector(".cx-words"), total = view.querySelector(".cx-sum");
    const rows = [...view.querySelectorAll("tbody tr")].map(row => ({
      row, name: row.cells[0].textContent, start: +row.dataset.logit, logit: +row.dataset.logit, others: row.matches(".cx-others"),
      power: row.querySelector(".cx-power"), share: row.querySelector(".cx-share span"), bar: row.querySelector(".cx-share i")
    }));
    const number = value => {
      const size = Math.abs(value);
      const text = !size ? "0" : size < 0.001 || size >= 1e6 ? value.toExponential(3).replace(/\.?0+e/, "e")
        : value.toFixed(Math.max(0, 3 - Math.floor(Math.log10(size)))).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
      return text.replace(/-/g, "−");
    };
    const operand = value => value < 0 ? "(" + number(value) + ")" : number(value);
    const largest = () => rows.filter(row => !row.others).reduce((best, row) => row.logit > best.logit ? row : best);
    let current = largest();

    function show() {
      const shift = view.dataset.shift ? Math.max(...rows.map(row => row.logit)) : 0;
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
      power.textContent = number(current.logit) + (view.dataset.shift ? " − " + operand(shift) : "");
      words.replaceChildren(current.name + ": e", power,
        ` / sum ≈ ${number(powers[at])} / (${powers.map(number).join(" + ")}) ≈ ${number(powers[at])} / ${number(sum)} ≈ ${number(powers[at] / sum)}`);
    }

    rows.filter(row => !row.others).forEach(row => {
      const cell = row.row.querySelector(".cx-logit"), label = document.createElement("label");
      row.input = document.createElement("input");
      row.output = document.createElement("output");
      row.input.setAttribute("aria-label", "logit of " + row.name);
      Object.assign(row.input, { type: "range", step: "any", min: -10, max: 10 });
      row.input.addEventListener("input", () => { row.logit = Math.round(row.input.value * 10) / 10; current = row; show(); });
      row.input.addEventListener("keydown", event => {
        const step = { ArrowLeft: -0.1, ArrowDown: -0.1, ArrowRight: 0.1, ArrowUp: 0.1, PageDown: -1, PageUp: 1 }[event.key];
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        row.logit = Math.round((row.logit + step) * 10) / 10;
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
    // powers of more than this are no 64-bit numbers, unless the largest logit is taken away first
    const limit = view.dataset.shift ? 1e6 : 700;
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
