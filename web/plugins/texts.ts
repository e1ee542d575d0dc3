import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import type { Plugin } from "vite";

import { LANGUAGES, type Language } from "../src/lib/languages.ts";

/** A text in one language; the forms of a text that counts, by plural category. */
export type Form = string | Record<string, string>;
export type Catalogue = Record<string, Record<Language, Form>>;

const FOLDER = resolve(import.meta.dirname, "../src/texts");
const PREFIX = "virtual:texts/";

/** Return the texts of an app and the common ones; the name of a file is the first part of a key. */
export function catalogueOf(app: string, folder = FOLDER): Catalogue {
    const found: Catalogue = {};
    for (const room of ["common", app]) {
        for (const file of filesOf(join(folder, room))) {
            const texts = JSON.parse(readFileSync(file, "utf8")) as Catalogue;
            for (const [name, forms] of Object.entries(texts)) {
                found[`${basename(file, ".json")}.${name}`] = forms;
            }
        }
    }
    return found;
}

export function filesOf(folder: string): string[] {
    return readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .sort()
        .map((name) => join(folder, name));
}

/** Let `virtual:texts/<app>/<language>` be one language's texts of an app, as a chunk of its own. */
export function texts(): Plugin {
    return {
        name: "texts",
        resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
        load(id) {
            if (!id.startsWith(`\0${PREFIX}`)) return null;
            const [app, language] = id.slice(PREFIX.length + 1).split("/") as [string, Language];
            if (!LANGUAGES.includes(language)) this.error(`no language ${language}`);
            for (const room of ["common", app]) {
                for (const file of filesOf(join(FOLDER, room))) this.addWatchFile(file);
            }
            const chosen = Object.fromEntries(
                Object.entries(catalogueOf(app)).map(([key, forms]) => [key, forms[language]]),
            );
            return `export default JSON.parse(${JSON.stringify(JSON.stringify(chosen))})`;
        },
    };
}
