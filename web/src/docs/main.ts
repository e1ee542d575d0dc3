import { mount } from "svelte";

import { setLanguage, useTexts } from "../lib/texts.svelte";
import "../styles/base.scss";
import App from "./App.svelte";
import { GUIDES } from "./guides";
import { routes } from "./routes";

// The documentation is in the language of the API.
const english = () => import("virtual:texts/docs/en");
useTexts({ it: english, en: english, de: english, fr: english, sl: english });

// a guide comes beside the texts, and is shown at once: what is below it does not move
const guide = GUIDES.find((one) => location.pathname === `/docs/${one.id}`);
const parts = guide ? [guide.load(), routes.at(-1)?.load()] : [];

void Promise.allSettled([setLanguage("en"), ...parts]).then(() => {
    const target = document.getElementById("app");
    if (target) mount(App, { target });
});
