// Writes a Brotli copy beside each text of a build, which the app sends to browsers that take it: all of today's do.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const dist = resolve(import.meta.dirname, "../node_modules/.dist");
const texts = /\.(html|js|css|svg|json|webmanifest|txt)$/;

for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  const path = resolve(dist, name);
  if (!texts.test(name) || !statSync(path).isFile()) continue;
  const content = readFileSync(path);
  if (content.length < 1024) continue;
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
  writeFileSync(`${path}.br`, brotliCompressSync(content, options));
}
