import "../styles/base.scss";

import { mount, type Component } from "svelte";

import { keepFocus } from "./focus";
import { chosenLanguage, type Language } from "./languages";
import { setLanguage, useTexts } from "./texts.svelte";

type Loaders = Parameters<typeof useTexts>[0];

/** Load the texts and show an app. */
export async function start(App: Component, texts: Loaders): Promise<void> {
    useTexts(texts);
    await setLanguage(chosenLanguage()).catch(() => setLanguage("it" satisfies Language));
    const target = document.getElementById("app");
    if (target) mount(App, { target });
    keepFocus();
}
