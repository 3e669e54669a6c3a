// Checks what a reader enters against the hash of the right answer; see ExerciseForm.cs.
(() => {
  // A comma, or a space, parts thousands for one reader; a comma parts decimals for another.
  const thousands = digits => Number(digits.replace(/,(?=\d{3}(?!\d))/g, "")), decimals = digits => Number(digits.replace(",", "."));

  // 0.04, 4e-2, 1/25, 4 %, −7 are numbers.
  function number(text, read) {
    const parts = /^([-+]?[\d.,]+(?:e[-+]?\d+)?)(?:\/([\d.,]+))?(%)?$/i.exec(text);
    return parts ? read(parts[1]) / (parts[2] ? read(parts[2]) : 1) / (parts[3] ? 100 : 1) : NaN;
  }

  // What the text may mean, each a list of so many numbers.
  function readings(text, count) {
    const plain = text.replaceAll("−", "-").replace(/[()[\]{}]|\band\b/g, "").replace(/\s*([/%])\s*/g, "$1").trim();
    const words = count === 1 ? [[plain.replace(/(?<=\d)\s(?=\d{3}(?!\d))/g, "")]]
      : [plain.split(/[,;]?\s+|[;×x]\s*/), plain.split(/[,;×x\s]+/)];
    return words.filter(list => list.length === count)
      .flatMap(list => [thousands, decimals].map(read => list.map(word => number(word, read))))
      .filter(list => list.every(Number.isFinite));
  }

  async function isRight({ salt, hash }, answer) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${salt}: ${answer}`));
    return btoa(String.fromCharCode(...new Uint8Array(digest))) === hash;
  }

  // What was entered, in the words that are hashed; several where it can be read in several ways.
  function answers(form) {
    const { step, offsets } = form.dataset;
    if (!step) return [...form.querySelectorAll("input:checked")].map(choice => choice.value);
    const starts = offsets.split(" ").map(Number);
    return readings(form.querySelector("input").value, starts.length)
      .map(list => list.map((value, i) => Math.round((value - starts[i]) / step)).join(" "));
  }

  function expected({ step, offsets }) {
    const count = (offsets ?? "").split(" ").length;
    return !step ? "Choose one." : count === 1 ? "A number is expected, such as 12, 0.25 or 1/4."
      : `${count} numbers are expected, such as ${[4, 0.5, 12, 1].slice(0, count).join(" and ")}, with a space between.`;
  }

  for (const form of document.querySelectorAll("form.exercise")) {
    form.hidden = !globalThis.crypto?.subtle;
    const verdict = form.querySelector("output");
    const say = (state, words) => { form.dataset.state = state; verdict.textContent = words; };
    form.addEventListener("input", () => say("", ""));
    form.addEventListener("submit", async event => {
      event.preventDefault();
      const given = answers(form);
      if (given.length === 0) return say("", expected(form.dataset));
      const found = await Promise.all(given.map(answer => isRight(form.dataset, answer)));
      say(...(found.includes(true) ? ["right", "Right."] : ["wrong", "Not yet: look again."]));
    });
  }
})();
