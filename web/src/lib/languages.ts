/** The languages of the pages, Italian first, as the API's `preferred_languages` name them. */
export const LANGUAGES = ["it", "en", "de", "fr", "sl"] as const;
export type Language = (typeof LANGUAGES)[number];

export const NAMES: Record<Language, string> = {
    it: "Italiano",
    en: "English",
    de: "Deutsch",
    fr: "Français",
    sl: "Slovenščina",
};

/** The tags by which dates and numbers are written. */
export const TAGS: Record<Language, string> = {
    it: "it-IT",
    en: "en-GB",
    de: "de-DE",
    fr: "fr-FR",
    sl: "sl-SI",
};

const KEPT = "recapito-language";

/** Return the language that was chosen here, else the first of the browser's that there is. */
export function chosenLanguage(): Language {
    const wanted = [localStorage.getItem(KEPT), ...navigator.languages];
    for (const one of wanted) {
        const found = LANGUAGES.find((language) => one?.toLowerCase().startsWith(language));
        if (found) return found;
    }
    return "it";
}

/** Keep the choice in this browser. It is no personal datum that others may not see. */
export function keepLanguage(language: Language): void {
    localStorage.setItem(KEPT, language);
}
