const REACHED = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';

/**
 * Move the focus to what stands nearest, where the element that had it has left the page: a button
 * of a state that is over, a row that was removed. Else it would be lost, and a reader without a
 * mouse would begin at the top of the page again.
 */
export function keepFocus(): void {
    let held: Element | undefined;
    let path = "";
    document.addEventListener("focusin", (event) => {
        held = event.target as Element;
        path = location.pathname;
    });
    new MutationObserver((changes) => {
        const { activeElement } = document;
        if (!held || (activeElement && activeElement !== document.body)) return;
        const gone = held;
        const change = changes.findLast(({ target, removedNodes }) => {
            return target.isConnected && [...removedNodes].some((one) => one.contains(gone));
        });
        // another page begins at its top
        if (!change || path !== location.pathname) return;
        held = undefined;
        nearest(change)?.focus();
    }).observe(document.body, { childList: true, subtree: true });
}

/** Return what came in the place of the removed nodes or follows it, else what stands before. */
function nearest({
    target,
    nextSibling,
    previousSibling,
}: MutationRecord): HTMLElement | undefined {
    let before: Node | null = previousSibling?.parentNode === target ? previousSibling : null;
    let after: Node | null = before ? before.nextSibling : target.firstChild;
    if (!before && previousSibling && nextSibling?.parentNode === target) after = nextSibling;
    for (let place = target as Element | null; place; place = place.parentElement) {
        for (let one = after; one; one = one.nextSibling) {
            const [first] = reached(one);
            if (first) return first;
        }
        for (let one = before; one; one = one.previousSibling) {
            const last = reached(one).at(-1);
            if (last) return last;
        }
        if (place.matches("main, dialog[open]")) return place as HTMLElement;
        [after, before] = [place.nextSibling, place.previousSibling];
    }
    return undefined;
}

function reached(node: Node): HTMLElement[] {
    if (!(node instanceof HTMLElement)) return [];
    const all = [node, ...node.querySelectorAll<HTMLElement>(REACHED)];
    return all.filter(
        (one) => one.matches(REACHED) && !one.matches(":disabled") && one.checkVisibility(),
    );
}
