import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { LANGUAGES, TAGS } from "../src/lib/languages.ts";
import { catalogueOf, type Form, unbroken } from "./texts.ts";

const FOLDER = resolve(import.meta.dirname, "../src/texts");
const APPS = readdirSync(FOLDER).filter((name) => name !== "common");

const SOURCES = readdirSync(resolve(FOLDER, ".."), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => readFileSync(join(FOLDER, "..", name), "utf8"))
    .join("\n");
/** The keys that are made of a value, as in t(`status.${value}`). */
const MADE = [...SOURCES.matchAll(/`([a-z_]+\.[^`\s]*\$\{[^`]*)`/g)].map(
    ([, made = ""]) =>
        new RegExp(`^${made.replaceAll(".", "\\.").replaceAll(/\$\{[^}]*\}+/g, ".+")}$`),
);
const isWritten = (key: string) => SOURCES.includes(`"${key}"`) || SOURCES.includes(`'${key}'`);

const placeholders = (form: Form | undefined) =>
    [
        ...new Set(
            (typeof form === "string" ? [form] : Object.values(form ?? {})).flatMap((text) =>
                [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
            ),
        ),
    ].sort();

describe.each(APPS)("the texts of %s", (app) => {
    const catalogue = catalogueOf(app);

    it("are in each language, with the same values to fill in", () => {
        for (const [key, forms] of Object.entries(catalogue)) {
            expect(Object.keys(forms), key).toEqual([...LANGUAGES]);
            for (const language of LANGUAGES) {
                expect(placeholders(forms[language]), `${key} in ${language}`).toEqual(
                    placeholders(forms.it),
                );
                const written =
                    typeof forms[language] === "string"
                        ? [forms[language]]
                        : Object.values(forms[language]);
                expect(
                    written.every((text) => text.trim() !== ""),
                    `${key} in ${language}`,
                ).toBe(true);
            }
        }
    });

    it("have each plural form of their language", () => {
        for (const [key, forms] of Object.entries(catalogue)) {
            for (const language of LANGUAGES) {
                const form = forms[language];
                if (typeof form === "string") continue;
                const needed = new Intl.PluralRules(TAGS[language]).resolvedOptions()
                    .pluralCategories;
                // "many" of Italian and French is for a million and more
                const least = needed.filter((category) => category !== "many");
                expect(Object.keys(form).sort(), `${key} in ${language}`).toEqual(
                    [...least].sort(),
                );
            }
        }
    });

    it("are used", () => {
        for (const key of Object.keys(catalogue)) {
            const isUsed = isWritten(key) || MADE.some((made) => made.test(key));
            expect(isUsed, key).toBe(true);
        }
    });
});

it("A text that two places show is one row", () => {
    const keys = new Map<string, string>();
    for (const app of ["common", ...APPS]) {
        for (const [key, forms] of Object.entries(catalogueOf(app))) {
            // a key that is made of the API's code is a row of its own
            if (!isWritten(key)) continue;
            const row = JSON.stringify(forms);
            expect(keys.get(row) ?? key, `texts/common/words.json is for words like ${row}`).toBe(
                key,
            );
            keys.set(row, key);
        }
    }
});

describe("the words of all texts", () => {
    const texts = APPS.flatMap((app) =>
        Object.entries(catalogueOf(app)).flatMap(([key, forms]) =>
            LANGUAGES.flatMap((language) =>
                [forms[language] ?? ""]
                    .flatMap((form) => (typeof form === "string" ? [form] : Object.values(form)))
                    .map((text) => ({ key, language, text })),
            ),
        ),
    );

    it("are one for a payment notice", () => {
        const other = { de: /Bescheid|Zahlungsaufforderung/, sl: /plačiln\w+ obvestil/ };
        expect(
            texts.filter(
                ({ language, text }) =>
                    (language === "de" || language === "sl") && other[language].test(text),
            ),
        ).toEqual([]);
    });

    // Intl writes the nominative, which "seit" or "čez" does not take
    it("leave a duration outside of the sentence", () => {
        const bound = texts.filter(({ text }) => /\{(time|age)\}/.test(text));
        const free = /(: |circa |about |etwa |encore |približno )\{(time|age)\}/;
        expect(bound.filter(({ text }) => !free.test(text))).toEqual([]);
        expect(bound.length).toBeGreaterThan(0);
    });
});

describe("a line does not break", () => {
    it.each([
        ["it", "fino a 200.000 righe e 50 MB.", "fino a 200.000 righe e 50\u00A0MB."],
        ["de", "zwischen {from} und {to} Uhr", "zwischen {from} und {to}\u00A0Uhr"],
        ["sl", "več kot 80 % klicev", "več kot 80\u00A0% klicev"],
        ["fr", "à {from} h, 10 000 « mots »", "à {from}\u00A0h, 10\u202F000 «\u00A0mots\u00A0»"],
        ["fr", "Approuver « {name} » ?", "Approuver «\u00A0{name}\u00A0»\u00A0?"],
        ["en", "3 hours: 5 Uhren : x", "3 hours: 5 Uhren : x"],
    ] as const)("in %s between what belongs together", (language, text, whole) => {
        expect(unbroken(text, language)).toBe(whole);
    });
});
