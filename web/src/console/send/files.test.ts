import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";

import type { Form } from "./form.svelte";

const ID = "01J00000000000000000000000";
let status = "UPLOADING";
let refusal: string | undefined;
/** The call whose answer is lost, after the API did what it asks. */
let lost = "";
let isStuck = false;
let looks = 0;

function view(): Response {
    return Response.json({ id: ID, status, parts: 1, ...(refusal && { refusal }) });
}

/** Answer as the API does: a part is refused once the file is complete. */
function answer(request: Request): Response {
    const { pathname } = new URL(request.url);
    const name = `${request.method} ${pathname.replace("/api/v1/attachments", "").replace(ID, "id")}`;
    if (name === "PUT /id/parts/1" && status !== "UPLOADING")
        return Response.json({ title: "Conflict" }, { status: 409 });
    if (name === "POST /id/completion" && status === "UPLOADING") status = "CHECKING";
    else if (name === "GET /id") {
        looks++;
        if (!isStuck) status = refusal ? "REFUSED" : "READY";
    }
    if (name === lost) {
        lost = "";
        throw new TypeError("gone");
    }
    return view();
}

function stub(): void {
    vi.stubGlobal("location", { origin: "http://127.0.0.1" });
    vi.stubGlobal("fetch", async (request: Request) => answer(request));
    // nobody waits between two looks at a check
    vi.stubGlobal("setTimeout", (run: () => void) => setImmediate(run));
}

let newForm: () => Form;
beforeAll(async () => {
    stub();
    const module = await import("./form.svelte");
    newForm = () => new module.Form();
}, 60_000);
beforeEach(() => {
    [status, refusal, lost] = ["UPLOADING", undefined, ""];
    [isStuck, looks] = [false, 0];
    stub();
});
afterEach(() => vi.unstubAllGlobals());

async function chosen() {
    const form = newForm();
    await form.files.add([new File(["%PDF"], "avviso.pdf")]);
    const row = form.files.rows[0];
    if (!row) throw new Error("no row");
    return { form, row };
}

it("gives a message the files that are good", async () => {
    const { form } = await chosen();
    expect(form.unreadable()).toEqual(new Set());
    expect(form.message().attachments).toEqual([ID]);
});

it.each(["INFECTED", "WRONG_FORM", "WRONG_HASH"])(
    "lets no message go out without a file that was refused: %s",
    async (why) => {
        refusal = why;
        const { form, row } = await chosen();
        expect(row.refusal).toBe(why);
        expect(form.unreadable()).toEqual(new Set(["attachments"]));
        form.files.remove(row);
        expect(form.unreadable()).toEqual(new Set());
        expect(form.message().attachments).toBeUndefined();
    },
);

it.each(["PUT /id/parts/1", "POST /id/completion"])(
    "goes on with an upload after a lost answer: %s",
    async (call) => {
        lost = call;
        const { form, row } = await chosen();
        expect(row.error).toMatchObject({ status: 0 });
        expect(form.unreadable()).toEqual(new Set(["attachments"]));
        await form.files.send(row);
        expect([row.error, row.id]).toEqual([undefined, ID]);
        expect(form.files.ids).toEqual([ID]);
    },
);

it("looks again by itself when an answer about the check is lost", async () => {
    lost = "GET /id";
    const { row } = await chosen();
    expect([row.error, row.id, looks]).toEqual([undefined, ID, 2]);
});

it("does not look for ever at a check without an end, and again when it is asked", async () => {
    isStuck = true;
    const { form, row } = await chosen();
    expect(row.isSlow).toBe(true);
    expect(looks).toBeLessThan(40);
    expect(form.files.areUnderWay).toBe(false);
    expect(form.unreadable()).toEqual(new Set(["attachments"]));
    isStuck = false;
    await form.files.send(row);
    expect([row.isSlow, row.id]).toEqual([false, ID]);
    expect(form.unreadable()).toEqual(new Set());
});

it("keeps the files while the form shows a notice, which has none", async () => {
    lost = "PUT /id/parts/1";
    const { form, row } = await chosen();
    form.kind = "notice";
    form.amount = "1,00";
    expect(form.unreadable()).toEqual(new Set());
    form.kind = "message";
    expect(form.unreadable()).toEqual(new Set(["attachments"]));
    expect(form.files.rows).toEqual([row]);
});
