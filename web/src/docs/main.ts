import { mount } from "svelte";

import { setLanguage, useTexts } from "../lib/texts.svelte";
import "../styles/base.scss";
import App from "./App.svelte";

// The documentation is in the language of the API.
useTexts({
    it: () => import("virtual:texts/docs/it"),
    en: () => import("virtual:texts/docs/en"),
    de: () => import("virtual:texts/docs/de"),
    fr: () => import("virtual:texts/docs/fr"),
    sl: () => import("virtual:texts/docs/sl"),
});

void setLanguage("en").then(() => {
    const target = document.getElementById("app");
    if (target) mount(App, { target });
});
