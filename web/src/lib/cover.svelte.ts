/** Whether a page waits below a sign-in: its dialogs are closed until then, and keep what they have. */
export const cover = $state({ isOn: false });
