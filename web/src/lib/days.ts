type Of<E extends Event> = E & { currentTarget: HTMLInputElement };

const WHOLE = /^$|^[1-9]\d{3}-/;

// each field in which somebody types, with the day that it had before
const typed = new WeakMap<HTMLInputElement, string>();

/**
 * Return the handlers of a field of a day that filters at once: `take` gets a whole day, or "" for
 * none.
 *
 * A day that is typed is taken when its reader leaves the field or presses Enter: the browser tells
 * each figure as a change, some of them as no day at all, and a new filter would write over the
 * rest. A day of the browser's calendar is taken at once.
 */
export function whole(take: (day: string) => void) {
    const end = (field: HTMLInputElement) => {
        const before = typed.get(field);
        if (!typed.delete(field) || field.validity.badInput || field.value === before) return;
        if (WHOLE.test(field.value)) take(field.value);
    };
    return {
        onkeydown: ({ key, currentTarget: field }: Of<KeyboardEvent>) => {
            if (key === "Enter") end(field);
            else if (key !== "Tab" && !typed.has(field)) typed.set(field, field.value);
        },
        onchange: ({ currentTarget: field }: Of<Event>) => {
            if (!typed.has(field) && WHOLE.test(field.value)) take(field.value);
        },
        onblur: ({ currentTarget: field }: Of<FocusEvent>) => {
            end(field);
        },
    };
}
