import { createHash } from "node:crypto";

import type { Plugin, Rolldown } from "vite";

type OutputBundle = Rolldown.OutputBundle;
type OutputChunk = Rolldown.OutputChunk;

/** What the list of files stands for in the worker's source. */
const MARK = "__SHELL__";

/**
 * Tell the service worker which files an app needs to start without a network: its scripts, their
 * styles, and what these name. `app`: the name of its entry. `later`: the parts that it loads later
 * and needs as well.
 */
export function shell(app: string, worker: string, later: readonly string[]): Plugin {
    return {
        name: "shell",
        generateBundle: {
            order: "post",
            handler(_, bundle) {
                const chunk = Object.values(bundle).find(
                    (one): one is OutputChunk => one.type === "chunk" && one.name === worker,
                );
                const entry = Object.values(bundle).find(
                    (one): one is OutputChunk =>
                        one.type === "chunk" && one.isEntry && one.name === app,
                );
                if (!chunk || !entry) return;
                const files = filesOf(bundle, entry.fileName, new Set(later));
                const version = createHash("sha256")
                    .update(files.join())
                    .digest("hex")
                    .slice(0, 12);
                const list = JSON.stringify({ version, files });
                chunk.code = chunk.code.replaceAll(MARK, list);
            },
        },
    };
}

/** Return the addresses of a chunk's files, with those of the chunks that it needs. */
export function filesOf(bundle: OutputBundle, entry: string, later: Set<string>): string[] {
    const seen = new Set<string>();
    const left = [entry];
    while (left.length) {
        const name = left.pop() as string;
        if (seen.has(name)) continue;
        seen.add(name);
        const one = bundle[name];
        if (one?.type !== "chunk") continue;
        const styles = (one as { viteMetadata?: { importedCss: Set<string> } }).viteMetadata;
        left.push(...one.imports, ...(styles?.importedCss ?? []));
        for (const other of one.dynamicImports) {
            const loaded = bundle[other];
            if (loaded?.type === "chunk" && later.has(loaded.name)) left.push(other);
        }
        for (const other of Object.keys(bundle)) {
            if (other.endsWith(".svg") && one.code.includes(other)) left.push(other);
        }
    }
    const fonts = Object.keys(bundle).filter((name) => name.endsWith(".woff2"));
    return [...new Set([...seen, ...fonts])].sort().map((name) => `/${name}`);
}
