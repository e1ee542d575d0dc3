import { expect, it } from "vitest";

import { broken, namesIn } from "./names";

it("finds each placeholder once, without capitals and accents", () => {
    const found = namesIn("Tassa {{ anno }}", "{{Città}} {{ anno }} {{ importo | euro }}");
    expect(found).toEqual(["anno", "citta", "importo"]);
});

it("tells what a change adds and drops", () => {
    expect(broken(["anno", "nome"], ["nome", "importo"])).toEqual({
        added: ["importo"],
        gone: ["anno"],
    });
});
