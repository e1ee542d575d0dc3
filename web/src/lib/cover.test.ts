import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, it } from "vitest";

it("closes each dialog: one that stays open would let nobody into the sign-in", () => {
    const root = resolve(import.meta.dirname, "..");
    const dialogs = readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".svelte"))
        .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }))
        .filter(({ text }) => text.includes("showModal("));
    expect(dialogs.length).toBeGreaterThan(1);
    const found = dialogs.filter(({ text }) => !text.includes("!cover.isOn"));
    expect(found.map(({ name }) => name)).toEqual([]);
});
