/** A push of the API: what it shows, and which message it leads to. */
interface Notice {
    title: string;
    body: string;
    message_id: string;
    tag?: string;
    delegation_id?: string;
}

const ID = /^[0-9A-Za-z]{26}$/;

/** Read a push; undefined for a text that is none. */
export function noticeOf(text: string): Notice | undefined {
    try {
        const said = JSON.parse(text) as Partial<Notice>;
        if (typeof said.title !== "string" || typeof said.body !== "string") return undefined;
        return { message_id: "", ...said, title: said.title, body: said.body };
    } catch {
        return undefined;
    }
}

/** Return the address of a push's message, in the inbox of its party. */
export function addressOf(notice: Notice): string {
    const base = ID.test(notice.delegation_id ?? "")
        ? `/inbox/as/${notice.delegation_id}`
        : "/inbox";
    return ID.test(notice.message_id) ? `${base}/messages/${notice.message_id}` : `${base}/`;
}

/** Show a push. A browser asks that each push shows something, so an unreadable one does, too. */
export async function show(worker: ServiceWorkerGlobalScope, text: string): Promise<void> {
    const notice = noticeOf(text) ?? { title: "Recapito", body: "", message_id: "" };
    await worker.registration.showNotification(notice.title, {
        body: notice.body,
        tag: notice.tag || notice.message_id || undefined,
        icon: "/icons/icon-192.png",
        data: addressOf(notice),
    });
}

/** Open the message of a notification: in the app's window where there is one. */
export async function open(worker: ServiceWorkerGlobalScope, address: string): Promise<void> {
    const wanted = new URL(address || "/inbox/", worker.location.origin).href;
    const windows = await worker.clients.matchAll({ type: "window" });
    for (const one of windows) {
        if (!new URL(one.url).pathname.startsWith("/inbox/")) continue;
        await one.focus();
        await one.navigate(wanted);
        return;
    }
    await worker.clients.openWindow(wanted);
}
