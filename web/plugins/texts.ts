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

/** A space between a number and its unit, between the digits of a number, or of French punctuation. */
const OF_UNIT = /(?<=[\d}]) (?=(?:[KM][Bo]|h|Uhr|%|€)(?![\p{L}\d]))/gu;
const OF_DIGITS = /(?<=\d) (?=\d{3}(?!\d))/g;
const OF_FRENCH = / (?=[:;?!»])|(?<=«) /g;

/** Return a text whose lines do not break between what belongs together: by no-break spaces. */
export function unbroken(text: string, language: Language): string {
    const bound = text.replace(OF_UNIT, "\u00A0").replace(OF_DIGITS, "\u202F");
    return language === "fr" ? bound.replace(OF_FRENCH, "\u00A0") : bound;
}

const unbrokenForm = (form: Form, language: Language): Form =>
    typeof form === "string"
        ? unbroken(form, language)
        : Object.fromEntries(
              Object.entries(form).map(([category, text]) => [category, unbroken(text, language)]),
          );

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
                Object.entries(catalogueOf(app)).map(([key, forms]) => [
                    key,
                    unbrokenForm(forms[language], language),
                ]),
            );
            return `export default JSON.parse(${JSON.stringify(JSON.stringify(chosen))})`;
        },
    };
}
