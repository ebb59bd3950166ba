/**
 * What the window shows until the page has painted, so that it does not flash in another colour: the page's own canvas
 * (`--canvas` of src-renderer/styles/tokens.css; a test holds the two together).
 */
export const backgrounds = { light: '#f6f6f3', dark: '#121315' }
