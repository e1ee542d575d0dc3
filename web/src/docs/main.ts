import { mount } from "svelte";

import { setLanguage, useTexts } from "../lib/texts.svelte";
import "../styles/base.scss";
import App from "./App.svelte";

// The documentation is in the language of the API.
const english = () => import("virtual:texts/docs/en");
useTexts({ it: english, en: english, de: english, fr: english, sl: english });

void setLanguage("en").then(() => {
    const target = document.getElementById("app");
    if (target) mount(App, { target });
});
