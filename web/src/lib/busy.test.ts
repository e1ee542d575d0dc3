import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, it } from "vitest";

const SOURCES = resolve(import.meta.dirname, "..");

const components = () =>
    readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".svelte"))
        .map((name) => [name, readFileSync(join(SOURCES, name), "utf8")] as const);

it("lets a button that was pressed keep the focus while its act is on its way", () => {
    const off = components()
        // a browser takes the focus from what is disabled; `aria-disabled` tells the same
        .filter(([, text]) => /[^-]disabled=\{[^}]*\b(isBusy|isWaiting|isLoading)/.test(text));
    expect(off.map(([name]) => name)).toEqual([]);
});

it("keeps each dialog open while its act is on its way", () => {
    const dialogs = components().filter(
        ([, text]) => text.includes("<Modal") && text.includes("await "),
    );
    expect(dialogs.length).toBeGreaterThan(5);
    const silent = dialogs.filter(([, text]) => !/<Modal[^>]*[{\s]isBusy/.test(text));
    expect(silent.map(([name]) => name)).toEqual([]);
});

it("gives each dialog a button that leaves it: a phone has no Escape", () => {
    const dialogs = components().filter(([, text]) => text.includes("<Modal"));
    const shut = dialogs.filter(([, text]) => !/t\("words\.(cancel|close)"\)/.test(text));
    expect(shut.map(([name]) => name)).toEqual([]);
});
