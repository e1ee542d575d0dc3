import { mount } from "svelte";

import { setLanguage, useTexts } from "../lib/texts.svelte";
import "../styles/base.scss";
import App from "./App.svelte";
import { GUIDES } from "./guides";
import { routes } from "./routes";

// The documentation is in the language of the API.
const english = () => import("virtual:texts/docs/en");
useTexts({ it: english, en: english, de: english, fr: english, sl: english });

// a guide is fetched beside the texts: its page would ask for it when both have come
const guide = GUIDES.find((one) => location.pathname === `/docs/${one.id}`);
if (guide) {
    void guide.load().catch(() => undefined);
    void routes
        .at(-1)
        ?.load()
        .catch(() => undefined);
}

void setLanguage("en").then(() => {
    const target = document.getElementById("app");
    if (target) mount(App, { target });
});
