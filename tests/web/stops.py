"""The controls at which Tab stops, as JavaScript for the pages of tests."""

from typing import Final

STOPS: Final = """
    const STOPS = "a[href], button, input, select, textarea, summary, iframe, [tabindex]";
    // radio buttons of one name are one stop: the one that is on, or the first
    const radiosWith = (one) => [...document.getElementsByName(one.name)].filter(
        (other) => other.type === "radio" && other.form === one.form);
    const stopOf = (one) => {
        if (one.type !== "radio" || !one.name) return one;
        const all = radiosWith(one);
        return all.find((other) => other.checked) ?? all[0];
    };
    const stops = () => {
        const dialog = [...document.querySelectorAll("dialog:modal")].at(-1);
        return [...(dialog ?? document.body).querySelectorAll(STOPS)].filter((one) =>
            one.tabIndex >= 0 && !one.matches(":disabled") && !one.closest("[inert]") &&
            one.checkVisibility({visibilityProperty: true}) && stopOf(one) === one);
    };
"""
"""`stops()`: those of the page or of its open dialog, in the order of the document."""
