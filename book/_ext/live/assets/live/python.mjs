// The page's side of the worker: start it, ask it, stop it.

const base = import.meta.url;

export class Python extends EventTarget {
  /** "off", "loading", "ready" or "failed". */
  state = "off";
  #worker = null;
  #jobs = new Map();
  #number = 0;
  #started = null;

  constructor(page) {
    super();
    this.page = page;
  }

  /** Load Python unless it is there; a promise of it. */
  start() {
    if (this.state === "off" || this.state === "failed") {
      this.#become("loading");
      this.#started = this.#load();
      this.#started.catch((error) => {
        this.#end(error);
        this.#become("failed", { reason: error.message });
      });
    }
    return this.#started;
  }

  async #load() {
    const address = new URL("config.json", base);
    const response = await fetch(address).catch(() => null);
    if (!response?.ok) throw new Error(`${address.pathname} cannot be read`);
    const config = await response.json();
    config.pyodide.core = String(new URL(config.pyodide.core, address));
    await new Promise((ready, failed) => {
      this.#worker = new Worker(new URL("worker.mjs", base), { type: "module" });
      this.#worker.onerror = (event) => {
        event.preventDefault();
        failed(new Error(event.message || "the browser did not start a worker"));
      };
      this.#worker.onmessage = ({ data }) => {
        if (data.type === "ready") ready();
        else if (data.type === "failed" && data.id === undefined) failed(new Error(data.reason));
        else this.#heard(data);
      };
      this.#worker.postMessage({ type: "start", config, page: this.page, base });
    });
    this.#become("ready");
  }

  #heard(data) {
    const job = this.#jobs.get(data.id);
    if (data.type === "progress") this.dispatchEvent(new CustomEvent("progress", { detail: data }));
    else if (data.type === "output") job?.output(data);
    else if (data.type === "done") job?.done(data);
    else job?.failed(new Error(data.reason));
    if (data.type === "done" || data.type === "failed") this.#jobs.delete(data.id);
  }

  /** Ask for {type: "run", source, name} or {type: "draw", path, values}; `output` hears what is shown. */
  async ask(question, output = () => {}) {
    await this.start();
    const id = ++this.#number;
    return new Promise((done, failed) => {
      this.#jobs.set(id, { output, done, failed });
      this.#worker.postMessage({ ...question, id });
    });
  }

  /** End whatever runs, and start afresh: no cell has a way to refuse. */
  restart() {
    this.#end(new Stopped());
    this.#become("off");
    return this.start();
  }

  #end(error) {
    this.#worker?.terminate();
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const job of jobs) job.failed(error);
  }

  #become(state, detail = {}) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, ...detail } }));
  }
}

export class Stopped extends Error {}
