/** A series of a chart: a value for each label; null where a count is withheld. */
export interface Series {
    name: string;
    values: readonly (number | null)[];
}

/** Return round numbers from 0 to at least the greatest value: the lines of a chart. */
export function ticksOf(greatest: number, most = 5): number[] {
    const least = Math.max(greatest, 1) / (most - 1);
    const power = 10 ** Math.floor(Math.log10(least));
    const step = Math.max(
        1,
        [1, 2, 5, 10].map((one) => one * power).find((one) => one >= least) ?? least,
    );
    const count = Math.max(1, Math.ceil(greatest / step));
    return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** Return the greatest sum of a label's values, or the greatest value. */
export function greatestOf(series: readonly Series[], isStacked: boolean): number {
    const labels = series[0]?.values.length ?? 0;
    let greatest = 0;
    for (let index = 0; index < labels; index++) {
        const values = series.map((one) => one.values[index] ?? 0);
        const high = isStacked ? values.reduce((sum, one) => sum + one, 0) : Math.max(...values);
        greatest = Math.max(greatest, high);
    }
    return greatest;
}

/** Return every how many labels one is written, so that none covers the next. */
export function strideOf(labels: number, width: number, each: number): number {
    return Math.max(1, Math.ceil((labels * each) / Math.max(width, 1)));
}
