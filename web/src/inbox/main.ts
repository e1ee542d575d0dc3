import { start } from "../lib/start";
import App from "./App.svelte";
import { registerWorker } from "./installing";
import { readSession } from "./session.svelte";

// asked beside the texts, since the page needs both
void readSession();

void start(App, {
    it: () => import("virtual:texts/inbox/it"),
    en: () => import("virtual:texts/inbox/en"),
    de: () => import("virtual:texts/inbox/de"),
    fr: () => import("virtual:texts/inbox/fr"),
    sl: () => import("virtual:texts/inbox/sl"),
});

// after what the reader waits for; without the worker all but reading offline works
addEventListener("load", () => void registerWorker().catch(() => undefined));
