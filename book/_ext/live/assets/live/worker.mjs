// Python in a worker of its own, so that the page stays alive whatever a cell does.
// Takes {type: "start" | "run" | "draw"}, answers {type: "progress" | "ready" | "failed" | "output" | "done"}.

const tell = (type, more) => postMessage({ type, ...more });
let python, runtime, config;

/** Count what comes over the network, and have the browser check what we know the hash of. */
function watchDownloads({ core, integrity = {} }) {
  const load = self.fetch;
  let bytes = 0;
  self.fetch = async (input, options) => {
    const url = String(input.url ?? input);
    const hash = url.startsWith(core) ? integrity[url.slice(core.length)] : undefined;
    const response = await load(input, hash ? { ...options, integrity: hash } : options).catch((error) => {
      if (hash) tell("failed", { reason: `${url} cannot be read, or is not the file it should be` });
      throw error; // for Pyodide, which waits for ever if it is its WebAssembly
    });
    if (!response.ok || !response.body) return response;
    const count = new TransformStream({
      transform(chunk, control) {
        bytes += chunk.byteLength;
        tell("progress", { bytes });
        control.enqueue(chunk);
      },
    });
    const { status, headers } = response;
    return new Response(response.body.pipeThrough(count), { status, headers });
  };
}

async function get(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response;
}

/** Import a module; if its hash is known, only after the browser has compared it. */
async function verified({ core, integrity }, name) {
  if (!integrity?.[name]) return import(core + name);
  const script = new Blob([await (await get(core + name)).text()], { type: "text/javascript" });
  return import(URL.createObjectURL(script));
}

/** Compile the smallest program: where that is forbidden, Pyodide would load and then wait for ever. */
function tryWasm() {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    throw new Error("WebAssembly may not run here");
  }
}

async function start({ config: given, page, base }) {
  tryWasm();
  config = given;
  const pyodide = config.pyodide;
  watchDownloads(pyodide);
  tell("progress", { what: "Python" });
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([
    verified(pyodide, "pyodide.mjs"),
    verified(pyodide, "pyodide.asm.mjs"),
  ]);
  python = await loadPyodide({
    indexURL: pyodide.core,
    lockFileURL: pyodide.core + "pyodide-lock.json",
    packageBaseUrl: pyodide.packages ?? pyodide.core,
    createPyodideModule,
    env: { MPLBACKEND: "svg", HOME: "/reader" },
  });
  await load(config.packages);
  tell("progress", { what: "the book's own code" });
  const source = await (await get(new URL("runtime.py", base))).text();
  python.FS.mkdirTree("/live");
  python.FS.writeFile("/live/live_runtime.py", source);
  python.runPython("import sys; sys.path.append('/live')");
  runtime = python.pyimport("live_runtime");
  const extractDir = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  for (const { url, packages } of config.wheels) {
    const wheel = await (await get(new URL(url, base))).arrayBuffer();
    python.unpackArchive(wheel, "wheel", { extractDir });
    packages.forEach((name) => runtime.ours.add(name));
  }
  if (config.files) {
    const files = await (await get(new URL(config.files, base))).arrayBuffer();
    python.unpackArchive(files, "zip", { extractDir: "/reader" });
  }
  const folder = `/reader/${page.split("/").slice(0, -1).join("/")}`;
  python.FS.mkdirTree(folder);
  python.FS.chdir(folder); // a page runs in its own folder, as in the book's build
  tell("ready");
}

async function load(packages) {
  if (packages.length === 0) return;
  tell("progress", { what: packages.join(", ") });
  await python.loadPackage(packages, { messageCallback() {}, errorCallback() {} });
}

/** Load what the source imports, as far as Pyodide has it. */
async function prepare(source) {
  const imports = runtime.needed(source);
  if (!imports) return;
  tell("progress", { what: imports.replaceAll("import ", "").replaceAll("\n", ", ") });
  await python.loadPackagesFromImports(imports, { messageCallback() {}, errorCallback() {} });
}

async function run({ id, source, name }) {
  await prepare(source);
  runtime.emit = (kind, data) => tell("output", { id, kind, data: JSON.parse(data) });
  const began = performance.now();
  const ok = runtime.run(source, name);
  tell("done", { id, ok, ms: performance.now() - began });
}

async function draw({ id, path, values }) {
  await prepare(`import ${path.slice(0, path.lastIndexOf("."))}`);
  const began = performance.now();
  try {
    const seen = JSON.parse(runtime.draw(path, JSON.stringify(values)));
    tell("done", { id, ok: true, ms: performance.now() - began, ...seen });
  } catch (error) {
    tell("done", { id, ok: false, message: String(error.message).trim().split("\n").pop() });
  }
}

let last = Promise.resolve(); // one thing at a time, in the order asked
onmessage = ({ data }) => {
  const jobs = { start, run, draw };
  last = last
    .then(() => jobs[data.type](data))
    .catch((error) => tell("failed", { id: data.id, reason: String(error.message ?? error) }));
};
