import { TAGS, type Language } from "./languages";
import type { TextKey } from "../made/text-keys";

type Form = string | Record<string, string>;
type Texts = Record<string, Form>;
type Values = Record<string, string | number>;
type Loaders = Record<Language, () => Promise<{ default: Texts }>>;

const state = $state<{ language: Language; texts: Texts }>({ language: "it", texts: {} });
let loaders: Loaders | undefined;

/** Name the modules that have the texts of this app; `virtual:texts/<app>/<language>`. */
export function useTexts(given: Loaders): void {
    loaders = given;
}

/** Load a language and show all in it. */
export async function setLanguage(language: Language): Promise<void> {
    if (!loaders) throw new Error("useTexts comes first");
    state.texts = (await loaders[language]()).default;
    state.language = language;
    document.documentElement.lang = language;
}

export const language = (): Language => state.language;
export const tag = (): string => TAGS[state.language];

/** Return the text of a key that is made at run time, such as of a code; undefined without one. */
export function said(key: string): string | undefined {
    return key in state.texts ? t(key as TextKey) : undefined;
}

/** Return a text with its values; `count` chooses the plural form. */
export function t(key: TextKey, values: Values = {}): string {
    const form = state.texts[key];
    if (form === undefined) return key;
    const text = typeof form === "string" ? form : counted(form, Number(values.count));
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name];
        if (value === undefined) return whole;
        return typeof value === "number" ? new Intl.NumberFormat(tag()).format(value) : value;
    });
}

function counted(forms: Record<string, string>, count: number): string {
    return forms[new Intl.PluralRules(tag()).select(count)] ?? forms.other ?? "";
}
