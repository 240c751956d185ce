// What a cell shows, put where the static page has its output; the page's own can be put back.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** SVG as an image: its names and styles stay its own, and the page's styles turn it in the dark. */
export const picture = (svg) => `data:image/svg+xml,${encodeURIComponent(svg)}`;

export class Outputs {
  #figures = 0;

  constructor(cell) {
    this.box = cell.querySelector(".cell_output");
    if (!this.box) {
      this.box = element("div", { class: "cell_output docutils container live-empty" });
      cell.append(this.box);
    }
    this.original = [...this.box.childNodes];
    // a figure keeps its number, caption and description; only its picture changes
    this.figures = [...this.box.querySelectorAll("figure")].map((figure) => ({
      figure,
      image: figure.querySelector("img"),
      before: figure.querySelector("img")?.getAttribute("src"),
    }));
    this.alt = this.box.querySelector("img")?.alt || "What this cell drew";
  }

  /** Make room for new outputs; figures stay until their new picture comes. */
  clear() {
    this.#figures = 0;
    this.box.replaceChildren(...this.figures.map(({ figure }) => figure));
    this.box.classList.add("live-fresh");
  }

  reset() {
    this.box.replaceChildren(...this.original);
    for (const { image, before } of this.figures) image?.setAttribute("src", before);
    this.box.classList.remove("live-fresh");
  }

  show({ kind, data }) {
    if (kind === "stream") this.#print(data.name, data.text);
    else if (kind === "error") this.#error(data);
    else if (kind === "clear") this.clear();
    else if (data.kind === "svg") this.#image(picture(data.data));
    else if (data.kind === "png") this.#image(`data:image/png;base64,${data.data}`);
    else if (data.kind === "html") {
      const box = element("div", { class: "output text_html" });
      box.innerHTML = data.data;
      this.box.append(box);
    } else this.box.append(this.#text("text_plain", data.data));
  }

  #text(kind, text) {
    const pre = element("pre", { tabindex: 0 }, text);
    return element("div", { class: `output ${kind}` }, element("div", { class: "highlight" }, pre));
  }

  #print(stream, text) {
    const last = this.box.lastElementChild;
    const kind = stream === "stderr" ? "stderr" : "stream";
    if (last?.classList.contains(kind)) last.querySelector("pre").append(text);
    else this.box.append(this.#text(kind, text));
  }

  #error({ message, places }) {
    const pre = element("pre", { tabindex: 0 }, element("strong", {}, message));
    if (places) pre.append("\n", places);
    this.box.append(element("div", { class: "output live-error", role: "alert" }, pre));
  }

  #image(src) {
    const waiting = this.figures[this.#figures++];
    if (waiting?.image) waiting.image.src = src;
    else this.box.append(element("img", { src, alt: this.alt, class: "output live-image" }));
  }
}
