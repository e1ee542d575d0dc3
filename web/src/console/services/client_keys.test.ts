import { expect, it } from "vitest";

import { keysIn } from "./client_keys";

const KEY = { kty: "EC", kid: "a", crv: "P-256", x: "1", y: "2" };

it("reads a key, a list and a set", () => {
    expect(keysIn(JSON.stringify(KEY))).toEqual([KEY]);
    expect(keysIn(JSON.stringify([KEY, KEY]))).toEqual([KEY, KEY]);
    expect(keysIn(JSON.stringify({ keys: [KEY] }))).toEqual([KEY]);
    expect(keysIn(" ")).toEqual([]);
});

it("keeps what is private in the browser", () => {
    expect(keysIn(JSON.stringify({ ...KEY, d: "secret", use: "sig" }))).toEqual([KEY]);
});

it("finds what is no key", () => {
    expect(keysIn("{")).toBeUndefined();
    expect(keysIn("[1]")).toBeUndefined();
});
