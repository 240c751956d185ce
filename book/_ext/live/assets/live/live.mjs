// "Run this page": the bar below the title, and what its buttons do.
// Nothing is fetched before the reader presses one.
import { Cell } from "./cells.mjs";
import { openExplorers } from "./explorers.mjs";
import { element } from "./outputs.mjs";
import { Python, Stopped } from "./python.mjs";

const { page, cells: given } = JSON.parse(document.getElementById("live-page").textContent);
const python = new Python(page);
let count = 0;
const cells = given.map((cell) => new Cell(cell, cell.editable ? ++count : 0));

const button = (text, action) => {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", action);
  return made;
};
const open = button("Run this page", openPage);
const all = button("Run all", () => runTo(cells.length - 1, true));
const stop = button("Stop", () => stopAll());
const reset = button("Reset all", () => cells.forEach((cell) => cell.reset()));
const status = element("span", { class: "live-status", role: "status" });
const hint = "Python runs in your browser: about 20 MB to load, once.";
const bar = element("div", { class: "live-bar", role: "group", "aria-label": "Run the code" }, open);
bar.append(status);

if (cells.some((cell) => cell.editable)) {
  status.textContent = hint;
  document.querySelector("article h1").after(bar);
}
openExplorers(python);

async function openPage() {
  open.disabled = true;
  status.textContent = "Loading the editor ...";
  try {
    const { edit } = await import("./editor.mjs");
    cells.forEach((cell, k) => cell.open(edit, () => runTo(k)));
  } catch {
    open.disabled = false;
    return say(`The editor could not be loaded. ${why()}`, true);
  }
  open.replaceWith(all, stop, reset);
  document.documentElement.classList.add("live");
  all.focus();
  await runTo(cells.length - 1);
}

/** Run cell `last` and what it needs: all earlier cells that have not run yet, shown or not. */
async function runTo(last, again = false) {
  if (again) cells.forEach((cell) => cell.become("new"));
  // hidden cells belong to the shown one before them
  while (cells[last + 1] && !cells[last + 1].editable) last += 1;
  const todo = cells.slice(0, last + 1);
  todo.slice(todo.findLastIndex((cell) => cell.editable)).forEach((cell) => cell.become("new"));
  await (queue = queue.then(() => runThese(todo)));
}

let queue = Promise.resolve();

async function runThese(todo) {
  const began = performance.now();
  try {
    await python.start();
    for (const cell of todo) {
      if (cell.state === "done") continue;
      say(cell.number ? `Running cell ${cell.number} of ${count} ...` : "Running ...");
      if (!(await cell.run(python))) {
        say(cell.error ? `A cell that is not shown failed: ${cell.error}` : "Stopped at an error.");
        return;
      }
    }
    say(`Done in ${((performance.now() - began) / 1000).toFixed(1)} s. Change something.`);
  } catch (error) {
    if (error instanceof Stopped || python.state === "failed") return; // that is told elsewhere
    say(`That did not work: ${error.message}`, true);
  }
}

async function stopAll() {
  cells.filter((cell) => cell.state !== "running").forEach((cell) => cell.become("new"));
  await python.restart().catch(() => {});
  if (python.state === "ready") say("Stopped. Python has started afresh, without your variables.");
}

function say(text, alarm = false) {
  status.textContent = text;
  status.classList.toggle("live-alarm", alarm);
}

const why = () =>
  navigator.onLine
    ? "Perhaps a network or an extension blocks it, or the browser is too old. The page below is as it was."
    : "You seem to be offline. The page below is as it was.";

let what = "Python";
python.addEventListener("progress", ({ detail }) => {
  what = detail.what ?? what;
  const size = detail.bytes ? ` (${(detail.bytes / 1e6).toFixed(1)} MB so far)` : "";
  say(`Loading ${what}${size} ...`);
});
python.addEventListener("state", ({ detail }) => {
  document.documentElement.dataset.python = detail.state;
  stop.disabled = detail.state !== "ready";
  if (detail.state === "failed") {
    say(`Python could not be loaded: ${detail.reason}. ${why()}`, true);
    cells.forEach((cell) => cell.close());
    const here = bar.contains(document.activeElement);
    all.replaceWith(open);
    stop.remove();
    reset.remove();
    open.disabled = false;
    open.textContent = "Try again";
    if (here) open.focus();
    document.documentElement.classList.remove("live");
  }
});
