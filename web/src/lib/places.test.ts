import { expect, test } from "vitest";

import { placeOf } from "./places";

test("a text that names its field stands alone", () => {
    expect(placeOf({ pointer: "/fiscal_code", code: "CHECK_CHARACTER" })).toEqual({});
});

test("a place without a label keeps its name", () => {
    expect(placeOf({ pointer: "#/values/nome", code: "NOT_IN_TEMPLATE" })).toEqual({
        name: "nome",
    });
    expect(placeOf({ pointer: "" })).toEqual({});
});
