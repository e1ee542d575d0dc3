import { expect, it } from "vitest";

import { pageAfter } from "./way_back";

const ORIGIN = "https://recapito.example";

it("goes on with the page that was asked for before the sign-in", () => {
    expect(pageAfter("/inbox/messages/1?due=1", ORIGIN)).toBe("/inbox/messages/1?due=1");
    expect(pageAfter("/inbox/as/01M8PM7JR9CQNJZFBAM4GDCB5P/", ORIGIN)).toBe(
        "/inbox/as/01M8PM7JR9CQNJZFBAM4GDCB5P/",
    );
});

it.each([
    null,
    "",
    "https://evil.example/inbox/",
    "//evil.example/inbox/",
    "/\\evil.example/inbox/",
    "/inbox/../console/",
    "/api/auth/v1/logout",
    "javascript:alert(1)",
    "http://[",
    "https://%",
    "x",
])("leads from %j to the inbox", (state) => {
    expect(pageAfter(state, ORIGIN)).toBe("/inbox/");
});
