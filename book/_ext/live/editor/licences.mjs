// Write the licences of all bundled packages, each text once with the packages it is for.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const texts = new Map();
const folders = ["@codemirror", "@lezer", "@marijn"]
  .flatMap((scope) => readdirSync(`node_modules/${scope}`).map((name) => `${scope}/${name}`))
  .concat("crelt", "style-mod", "w3c-keyname");
for (const name of folders) {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`));
  const file = `node_modules/${name}/LICENSE`;
  if (!existsSync(file)) throw new Error(`${name} has no LICENSE`);
  const text = readFileSync(file, "utf8").trim();
  texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
}
const parts = [...texts].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`);
writeFileSync("../assets/live/LICENSE-editor", `editor.mjs is made of:\n\n${parts.join("\n----\n\n")}`);
