/// <reference lib="webworker" />
import { answered, readsOpened } from "./reading";
import { keepShell, shellFor } from "./shell";
import { open, show } from "./notices";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => {
    event.waitUntil(keepShell().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (url.pathname.startsWith("/api/")) {
        if (readsOpened(request, url)) event.respondWith(answered(request, url));
    } else if (request.method === "GET") {
        const kept = shellFor(request, url);
        if (kept) event.respondWith(kept);
    }
});
self.addEventListener("push", (event) => event.waitUntil(show(self, event.data?.text() ?? "")));
self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(self, String(event.notification.data ?? "")));
});
