import { beforeEach, expect, test } from "vitest";

import { setLanguage, useTexts } from "../lib/texts.svelte";
import { problemOf } from "./problem";

const INVALID = "Il valore non è valido.";
const italian = { "form.invalid": INVALID, "faults.NETWORK": "Scrivi una rete." };
const of = (default_: Record<string, string>) => () => Promise.resolve({ default: default_ });

function refused(code: string) {
    const errors = [{ pointer: "/key", code, detail: "must match ^[a-z]$" }];
    return problemOf({ status: 400, headers: new Headers() } as Response, { errors });
}

beforeEach(() => {
    globalThis.document = { documentElement: { lang: "" } } as Document;
    useTexts({ it: of(italian), en: of({}), de: of({}), fr: of({}), sl: of({}) });
});

test("a field's rule without words is told in the reader's language, not in English", async () => {
    await setLanguage("it");
    expect(refused("INVALID").of("key")).toBe(INVALID);
    expect(refused("NETWORK").of("key")).toBe("Scrivi una rete.");
});

test("an English reader learns the rule itself", async () => {
    await setLanguage("en");
    expect(refused("INVALID").of("key")).toBe("must match ^[a-z]$");
});
