/** What can be done with a message that waits; none of it can be undone, so it is asked first. */
export interface Deed {
    label: string;
    /** Which message, for readers who hear the button without its line. */
    which: string;
    title: string;
    text: string;
    isSending?: boolean;
    run: () => Promise<unknown>;
    /** What is said when it is done. */
    done: string;
}
