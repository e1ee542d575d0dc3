"""The controls at which Tab stops, as JavaScript for the pages of tests."""

from typing import Final

from playwright.sync_api import Page

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
LOOK: Final = """
    const lookOf = (one) => [one, one.parentElement, one.nextElementSibling, ...(one.labels ?? [])]
        .filter(Boolean).flatMap((part) => [null, "::before", "::after"].map((pseudo) => {
            const style = getComputedStyle(part, pseudo);
            const outline = style.outlineStyle === "none" ? "" : style.outline;
            return [outline, style.boxShadow, style.borderColor, style.backgroundColor];
        })).join();
"""
"""`lookOf(one)`: what may tell that a control has the focus, in it or beside it."""
_BEGIN: Final = f"""(isWhole) => {{
    {STOPS}{LOOK}
    const nameOf = (one) => one.outerHTML.slice(0, 120);
    const main = document.querySelector("main");
    const all = stops().filter((one) => isWhole || main.contains(one));
    window.faultsOfWalk = [];
    window.walked = [];
    window.expectedWalk = all;
    // what a pointer presses, and no key
    for (const one of document.body.querySelectorAll("*")) {{
        const isPointed = getComputedStyle(one).cursor === "pointer" || one.matches(
            "[role=button], [role=link], [role=checkbox], [role=switch], [role=tab]");
        if (!isPointed || !one.checkVisibility({{visibilityProperty: true}})) continue;
        if (one.closest(`${{STOPS}}, label`)) continue;
        faultsOfWalk.push(`no key presses: ${{nameOf(one)}}`);
    }}
    let look = "";
    document.addEventListener("focusin", window.onFocus = ({{target}}) => {{
        // a text that scrolls is a stop of the browser's own
        if (target.tabIndex >= 0 && walked.at(-1) !== target) walked.push(target);
        look = lookOf(target);
    }});
    document.addEventListener("focusout", window.onBlur = ({{target}}) => {{
        if (!all.includes(target)) return;
        if (look === lookOf(target)) faultsOfWalk.push(`shows no focus: ${{nameOf(target)}}`);
        const shown = [target, ...(target.labels ?? [])];
        const isSeen = shown.some((one) => {{
            const {{x, y, width, height}} = one.getClientRects()[0] ?? {{}};
            const above = document.elementFromPoint(x + width / 2, y + height / 2);
            return above && (one.contains(above) || above.contains(one) ||
                above.matches(".skip-link"));
        }});
        // the link to the content is seen while it has the focus alone, and goes slowly
        if (!isSeen && !target.matches(".skip-link"))
            faultsOfWalk.push(`is not seen with the focus: ${{nameOf(target)}}`);
    }});
    if (!all.length) return 0;
    document.activeElement.blur();
    all[0].focus();
    const parts = {{date: 3, time: 3, "datetime-local": 6}};
    const scrolls = [...main.querySelectorAll("*")].filter((one) =>
        ["auto", "scroll"].includes(getComputedStyle(one).overflowY)).length;
    return all.reduce((sum, one) => sum + 1 + (parts[one.type] ?? 0), scrolls + 4);
}}"""
_END: Final = """() => {
    document.removeEventListener("focusin", onFocus);
    document.removeEventListener("focusout", onBlur);
    const found = [...faultsOfWalk];
    const nameOf = (one) => one.outerHTML.slice(0, 120);
    const round = walked.indexOf(walked[0], 1);
    const once = round < 0 ? walked : walked.slice(0, round);
    // a control that the page added or removed during the walk is no fault
    for (const one of expectedWalk) {
        const isThere = one.checkVisibility({visibilityProperty: true}) && !one.disabled;
        if (isThere && !once.includes(one)) found.push(`is not reached: ${nameOf(one)}`);
    }
    // from the end of the page Tab goes on at its top
    const own = once.filter((one) => one.isConnected && expectedWalk.includes(one));
    own.slice(1).forEach((one, place) => {
        if (own[place].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING) {
            found.push(`comes too late: ${nameOf(one)}`);
        }
    });
    return found.slice(0, 5);
}"""


def walk(page: Page, *, is_whole: bool) -> list[str]:
    """Press Tab through a page, or through its main part; return what is wrong.

    Each control that is seen must be a stop, in the order of the document, must show the focus and
    not lie under something else. None may keep the focus.
    """
    for _ in range(page.evaluate(_BEGIN, is_whole)):
        page.keyboard.down("Tab")
    page.keyboard.up("Tab")
    return [str(fault) for fault in page.evaluate(_END)]
