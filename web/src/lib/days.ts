type Chosen = Event & { currentTarget: HTMLInputElement };

/**
 * Return what a field of a day does that filters at once: it takes a whole day, or that there is
 * none. While a year is typed, the browser already tells the years 2, 20 and 202.
 */
export function whole(take: (day: string) => void): (event: Chosen) => void {
    return ({ currentTarget: { value } }) => {
        if (/^$|^[1-9]\d{3}-/.test(value)) take(value);
    };
}
