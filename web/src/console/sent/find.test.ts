import { expect, it, vi } from "vitest";

vi.mock("../api", () => ({ api: {} }));
const { after } = await import("./find");

it.each([
    ["01KBA0000000000000000000A0", "01KBA0000000000000000000A1"],
    ["01KBA0000000000000000000AZ", "01KBA0000000000000000000B0"],
    ["01KBA000000000000000000ZZZ", "01KBA000000000000000001000"],
    ["01KBA0000000000000000000AH", "01KBA0000000000000000000AJ"],
])("finds the id after %s", (id, next) => {
    expect(after(id)).toBe(next);
});
