import { start } from "../lib/start";
import App from "./App.svelte";

void start(App, {
    it: () => import("virtual:texts/inbox/it"),
    en: () => import("virtual:texts/inbox/en"),
    de: () => import("virtual:texts/inbox/de"),
    fr: () => import("virtual:texts/inbox/fr"),
    sl: () => import("virtual:texts/inbox/sl"),
});
