import { start } from "../lib/start";
import App from "./App.svelte";

void start(App, {
    it: () => import("virtual:texts/console/it"),
    en: () => import("virtual:texts/console/en"),
    de: () => import("virtual:texts/console/de"),
    fr: () => import("virtual:texts/console/fr"),
    sl: () => import("virtual:texts/console/sl"),
});
