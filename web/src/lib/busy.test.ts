import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, it } from "vitest";

const SOURCES = resolve(import.meta.dirname, "..");

it("keeps each dialog open while its act is on its way", () => {
    const dialogs = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".svelte"))
        .map((name) => [name, readFileSync(join(SOURCES, name), "utf8")] as const)
        .filter(([, text]) => text.includes("<Modal") && text.includes("await "));
    expect(dialogs.length).toBeGreaterThan(5);
    const silent = dialogs.filter(([, text]) => !/<Modal[^>]*[{\s]isBusy/.test(text));
    expect(silent.map(([name]) => name)).toEqual([]);
});
