import { expect, it } from "vitest";

import { matched } from "./router.svelte";

it("takes values out of a path", () => {
    expect(matched("/messages/:id", "/messages/a%20b")).toEqual({ id: "a b" });
    expect(matched("/messages/:id", "/messages")).toBeUndefined();
    expect(matched("/messages/:id", "/messages/")).toBeUndefined();
    expect(matched("/", "/")).toEqual({});
    expect(matched("/messages/:id", "/messages/%E0%A4%A")).toBeUndefined();
});
