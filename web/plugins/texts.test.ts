import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { LANGUAGES, TAGS } from "../src/lib/languages.ts";
import { catalogueOf, type Form } from "./texts.ts";

const FOLDER = resolve(import.meta.dirname, "../src/texts");
const APPS = readdirSync(FOLDER).filter((name) => name !== "common");

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

    it("are used", async () => {
        const { readFileSync } = await import("node:fs");
        const sources = readdirSync(resolve(FOLDER, ".."), { recursive: true, encoding: "utf8" })
            .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith(".d.ts"))
            .map((name) => readFileSync(join(FOLDER, "..", name), "utf8"))
            .join("\n");
        for (const key of Object.keys(catalogue)) {
            const [file, name = ""] = key.split(".", 2);
            // a key may be made of a value: t(`status.${value}`)
            const isMade =
                sources.includes("`" + file + ".") ||
                sources.includes("`" + file + "." + name.split("_")[0] + "_${");
            expect(isMade || sources.includes(`"${key}"`), key).toBe(true);
        }
    });
});
