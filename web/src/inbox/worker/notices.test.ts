import { expect, it } from "vitest";

import { addressOf, noticeOf } from "./notices";

const ID = "01JE0000000000000000000000";

it("leads to the message, in the inbox of its party", () => {
    const notice = { title: "a", body: "b", message_id: ID };
    expect(addressOf(notice)).toBe(`/inbox/messages/${ID}`);
    expect(addressOf({ ...notice, delegation_id: ID })).toBe(`/inbox/as/${ID}/messages/${ID}`);
    expect(addressOf({ ...notice, message_id: "../../api/auth/v1/end-session" })).toBe("/inbox/");
});

it("shows no text that is no push of the API", () => {
    expect(noticeOf("{")).toBeUndefined();
    expect(noticeOf('{"title": 1, "body": "b"}')).toBeUndefined();
});
