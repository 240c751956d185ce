// Explorers: a control moves, Python draws, and only the newest wish counts.
import { element, picture } from "./outputs.mjs";
import { Stopped } from "./python.mjs";

export function openExplorers(python) {
  document.querySelectorAll(".live-explorer").forEach((box, k) => new Explorer(box, k, python));
}

class Explorer {
  #wish = null;
  #busy = false;

  constructor(box, number, python) {
    Object.assign(this, { box, python });
    this.path = box.dataset.function;
    this.image = box.querySelector("img");
    this.words = box.querySelector(".live-words");
    this.start = element("button", { type: "button" }, "Move the controls");
    this.note = element("span", { class: "live-note", role: "status" });
    this.note.textContent = "Loads Python once: about 20 MB.";
    this.controls = JSON.parse(box.dataset.parameters).map((parameter, k) =>
      control(parameter, `live-control-${number}-${k}`, () => this.moved()),
    );
    const fields = element("div", { class: "live-fields" }, ...this.controls.map((c) => c.row));
    const tools = element("div", { class: "live-tools" }, this.start, this.note);
    box.prepend(element("div", { class: "live-controls" }, tools, fields));
    this.start.addEventListener("click", () => this.begin());
    python.addEventListener("state", ({ detail }) => this.follow(detail));
    python.addEventListener("progress", ({ detail }) => {
      if (detail.what && this.waiting) this.note.textContent = `Loading ${detail.what} ...`;
    });
    this.follow(python);
  }

  async begin() {
    this.waiting = true;
    await this.python.start().catch(() => {});
    if (this.python.state !== "ready") return;
    this.moved(); // loads what the picture needs, so that the first move is quick
    this.controls[0].input.focus();
  }

  follow({ state, reason }) {
    const ready = state === "ready";
    this.controls.forEach(({ input }) => (input.disabled = !ready));
    this.start.hidden = ready;
    this.start.disabled = state === "loading";
    if (ready) this.note.textContent = "";
    if (state === "failed" && this.waiting) {
      this.note.textContent = `Python could not be loaded: ${reason}. The picture is the default one.`;
      this.start.focus(); // which it lost while it could not be pressed
    }
  }

  async moved() {
    this.#wish = Object.fromEntries(this.controls.map(({ name, value }) => [name, value()]));
    if (this.#busy) return;
    this.#busy = true;
    this.box.setAttribute("aria-busy", "true");
    while (this.#wish) {
      const values = this.#wish;
      this.#wish = null;
      await this.draw(values);
    }
    this.#busy = false;
    this.box.removeAttribute("aria-busy");
  }

  async draw(values) {
    try {
      const seen = await this.python.ask({ type: "draw", path: this.path, values });
      if (!seen.ok) return void (this.words.textContent = seen.message);
      this.image.src = picture(seen.svg);
      this.image.alt = this.words.textContent = seen.words;
      this.note.textContent = "";
      this.box.dataset.ms = Math.round(seen.ms);
    } catch (error) {
      if (!(error instanceof Stopped)) this.words.textContent = error.message;
    }
  }
}

/** A labelled slider over numbers, or a list of words. */
function control({ name, label, values, start }, id, moved) {
  const numbers = typeof values[0] === "number";
  const input = numbers
    ? element("input", { type: "range", min: 0, max: values.length - 1, step: 1, value: start })
    : element("select", {}, ...values.map((word) => element("option", {}, word)));
  input.id = id;
  if (!numbers) input.selectedIndex = start;
  const value = () => values[numbers ? Number(input.value) : input.selectedIndex];
  const shown = element("output", { for: id });
  const show = () => {
    const words = String(value()).replace("-", "−"); // a true minus, as on the page
    shown.textContent = numbers ? words : "";
    if (numbers) input.setAttribute("aria-valuetext", words);
  };
  show();
  input.addEventListener("input", () => (show(), moved()));
  const row = element("div", { class: "live-field" }, element("label", { for: id }, label), input);
  if (numbers) row.append(shown);
  return { name, input, value, row };
}
