import { expect, it } from "vitest";

import { blocksOf, decoded, levelsOf, safeAddress } from "./markdown";

it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "blob:https://example.org/1",
    "http://example.org",
    "//example.org",
    "/api/auth/v1/logout",
    "https://bank.example@evil.example",
    "https://:bank.example@evil.example",
])("follows no link to %j", (href) => {
    expect(safeAddress(href)).toBeUndefined();
});

it.each([
    ["https://example.org/a?b=1&amp;c=2", "https://example.org/a?b=1&c=2"],
    ["mailto:a@example.org", "mailto:a@example.org"],
    ["tel:+39061234", "tel:+39061234"],
])("follows %j", (href, address) => {
    expect(safeAddress(href)).toBe(address);
});

it("reads character references, and leaves what is none", () => {
    expect(decoded("perch&eacute; &amp;lt; &#8364; &#x20ac; &nothing; &#0;")).toBe(
        "perché &lt; € € &nothing; &#0;",
    );
});

it("leaves out no level of headings", () => {
    const blocks = blocksOf("#### a\n\n## b\n\n#### c\n\n###### d");
    expect([...levelsOf(blocks, 1).values()]).toEqual([2, 2, 3, 4]);
});

it("reads a text that is made to take long", () => {
    const started = performance.now();
    for (const hard of [
        ">".repeat(9_000),
        "[".repeat(9_000),
        "*a ".repeat(3_000),
        "|".repeat(9_000),
    ]) {
        expect(blocksOf(`${hard} x`).length).toBeGreaterThan(0);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
});
