// A cell of the page, made editable: its editor, its buttons, its state.
import { element, Outputs } from "./outputs.mjs";

export class Cell {
  /** "new", "waiting", "running", "done" or "failed". */
  state = "new";

  constructor(given, number) {
    Object.assign(this, given); // index, source, editable, shows, fails
    this.number = number;
    this.box = document.querySelector(`.live-cell-${this.index}`);
    this.name = number ? `<cell ${number}>` : "<cell not shown>";
  }

  get code() {
    return this.editor?.read() ?? this.source;
  }

  /** Put the editor in the place of the static code. */
  open(edit, run) {
    if (this.box && this.shows) this.outputs = new Outputs(this.box);
    if (!this.editable) return;
    this.input = this.box.querySelector(".cell_input");
    this.static = [...this.input.childNodes];
    const label = `Code of cell ${this.number}. Shift and Enter run it, Escape then Tab leaves it`;
    this.again = element("button", { type: "button", hidden: "" }, "Reset");
    this.runs = element("button", { type: "button" }, "Run");
    this.note = element("span", { class: "live-note", role: "status" });
    this.runs.setAttribute("aria-label", `Run cell ${this.number}`);
    this.again.setAttribute("aria-label", `Reset cell ${this.number}`);
    const place = element("div", { class: "live-editor" });
    this.input.replaceChildren(
      place,
      element("div", { class: "live-tools" }, this.runs, this.again, this.note),
    );
    this.editor = edit(place, {
      code: this.source,
      label,
      run,
      changed: () => {
        this.again.hidden = this.editor.read() === this.source;
        this.become("new");
      },
    });
    this.runs.addEventListener("click", run);
    this.again.addEventListener("click", () => this.reset());
  }

  reset() {
    this.editor?.write(this.source);
    this.outputs?.reset();
    this.become("new");
  }

  /** Go back to the static page. */
  close() {
    this.outputs?.reset();
    this.editor?.remove();
    this.input?.replaceChildren(...this.static);
  }

  become(state, note = "") {
    this.state = state;
    this.box?.setAttribute("data-live", state);
    if (this.note) this.note.textContent = note;
  }

  /** Run in Python; true if that went as it should. */
  async run(python) {
    this.become("running", "runs ...");
    this.box?.setAttribute("aria-busy", "true");
    let cleared = false;
    const clear = () => cleared || ((cleared = true), this.outputs?.clear());
    const question = { type: "run", source: this.code, name: this.name };
    try {
      const { ok, ms } = await python.ask(question, (output) => {
        if (output.kind === "error" && !this.outputs) this.error = output.data.message;
        clear();
        this.outputs?.show(output);
      });
      clear(); // a cell that shows nothing now
      const fine = ok || this.fails;
      this.become(fine ? "done" : "failed", fine ? duration(ms) : "stopped by an error");
      return fine;
    } catch (error) {
      this.become("new", "stopped");
      throw error;
    } finally {
      this.box?.removeAttribute("aria-busy");
    }
  }
}

const duration = (ms) => (ms < 100 ? "" : `${(ms / 1000).toFixed(1)} s`);
