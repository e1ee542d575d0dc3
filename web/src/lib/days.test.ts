import { expect, it } from "vitest";

import { whole } from "./days";

type Press = Parameters<ReturnType<typeof whole>["onkeydown"]>[0];
type Leave = Parameters<ReturnType<typeof whole>["onblur"]>[0];

function field(value: string) {
    const taken: string[] = [];
    const handlers = whole((day) => taken.push(day));
    const currentTarget = { value, validity: { badInput: false } };
    return {
        taken,
        leave: () => {
            handlers.onblur({ currentTarget } as Leave);
        },
        press: (key: string, value: string, badInput = false) => {
            handlers.onkeydown({ key, currentTarget } as Press);
            const isChanged = value !== currentTarget.value;
            Object.assign(currentTarget, { value, validity: { badInput } });
            if (isChanged) handlers.onchange({ currentTarget } as Leave);
        },
        choose: (value: string) => {
            currentTarget.value = value;
            handlers.onchange({ currentTarget } as Leave);
        },
    };
}

it("takes a day that is typed when its reader leaves the field", () => {
    const { press, leave, taken } = field("2026-11-02");
    press("1", "2026-01-02");
    press("2", "2026-12-02");
    press("0", "", true);
    press("1", "2026-12-01");
    press("2", "0002-12-01");
    press("0", "0020-12-01");
    press("2", "0202-12-01");
    press("7", "2027-12-01");
    expect(taken).toEqual([]);
    leave();
    leave();
    expect(taken).toEqual(["2027-12-01"]);
});

it("takes it when the reader presses Enter, and only once", () => {
    const { press, leave, taken } = field("2026-11-02");
    press("9", "2026-09-02");
    press("Enter", "2026-09-02");
    leave();
    expect(taken).toEqual(["2026-09-02"]);
});

it("takes no day that is written in part, and none that was there", () => {
    const { press, leave, taken } = field("2026-11-02");
    press("0", "", true);
    leave();
    press("2", "0002-11-02");
    leave();
    press("Tab", "0002-11-02");
    press("ArrowRight", "0002-11-02");
    leave();
    expect(taken).toEqual([]);
});

it("takes a day of the calendar at once, and that there is none", () => {
    const { choose, press, leave, taken } = field("");
    choose("2026-11-30");
    press("Delete", "");
    leave();
    expect(taken).toEqual(["2026-11-30", ""]);
});
