import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, it } from "vitest";

const SOURCES = resolve(import.meta.dirname, "..");

it("lets a button that was pressed keep the focus while its act is on its way", () => {
    const off = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".svelte"))
        .map((name) => [name, readFileSync(join(SOURCES, name), "utf8")] as const)
        // a browser takes the focus from what is disabled; `aria-disabled` tells the same
        .filter(([, text]) => /[^-]disabled=\{[^}]*\b(isBusy|isWaiting|isLoading)/.test(text));
    expect(off.map(([name]) => name)).toEqual([]);
});

it("keeps each dialog open while its act is on its way", () => {
    const dialogs = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".svelte"))
        .map((name) => [name, readFileSync(join(SOURCES, name), "utf8")] as const)
        .filter(([, text]) => text.includes("<Modal") && text.includes("await "));
    expect(dialogs.length).toBeGreaterThan(5);
    const silent = dialogs.filter(([, text]) => !/<Modal[^>]*[{\s]isBusy/.test(text));
    expect(silent.map(([name]) => name)).toEqual([]);
});
