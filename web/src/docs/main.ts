import { start } from "../lib/start";
import App from "./App.svelte";

void start(App, {
    it: () => import("virtual:texts/docs/it"),
    en: () => import("virtual:texts/docs/en"),
    de: () => import("virtual:texts/docs/de"),
    fr: () => import("virtual:texts/docs/fr"),
    sl: () => import("virtual:texts/docs/sl"),
});
