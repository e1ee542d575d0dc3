import { start } from "../lib/start";
import App from "./App.svelte";

void start(App, {
    it: () => import("virtual:texts/start/it"),
    en: () => import("virtual:texts/start/en"),
    de: () => import("virtual:texts/start/de"),
    fr: () => import("virtual:texts/start/fr"),
    sl: () => import("virtual:texts/start/sl"),
});
