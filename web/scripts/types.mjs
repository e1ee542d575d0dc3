// Writes src/made: types of the OpenAPI documents, the default reminder policy, the keys of the texts, the sprite of icons.
// Runs before each check and build.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";

const root = resolve(import.meta.dirname, "..");
const made = resolve(root, "src/made");
mkdirSync(made, { recursive: true });

const documentOf = (audience) => JSON.parse(readFileSync(resolve(root, `../infra/openapi/${audience}.json`), "utf8"));
for (const audience of ["citizens", "senders", "operations"]) {
  const document = documentOf(audience);
  writeFileSync(resolve(made, `${audience}.d.ts`), astToString(await openapiTS(document)));
}

const fields = Object.entries(documentOf("senders").components.schemas.ReminderPolicy.properties);
const policy = Object.fromEntries(fields.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])));
writeFileSync(resolve(made, "reminder-policy.ts"), `export const DEFAULT_POLICY = ${JSON.stringify(policy)};\n`);

const folder = resolve(root, "src/texts");
const keys = readdirSync(folder).flatMap((room) =>
  readdirSync(resolve(folder, room)).filter((name) => name.endsWith(".json")).flatMap((name) =>
    Object.keys(JSON.parse(readFileSync(resolve(folder, room, name), "utf8"))).map((key) => `${basename(name, ".json")}.${key}`),
  ),
);
const union = [...new Set(keys)].sort().map((key) => `  | ${JSON.stringify(key)}`).join("\n");
writeFileSync(resolve(made, "text-keys.d.ts"), `export type TextKey =\n${union};\n`);

const list = readFileSync(resolve(root, "src/components/icons.ts"), "utf8");
const symbols = [...list.matchAll(/"(it-[a-z-]+)"/g)].map(([, name]) => {
  const drawing = readFileSync(resolve(root, `node_modules/bootstrap-italia/src/svg/${name}.svg`), "utf8");
  return drawing.replace(/<svg[^>]*>/, `<symbol id="${name}" viewBox="0 0 24 24">`).replace("</svg>", "</symbol>");
});
writeFileSync(resolve(made, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
