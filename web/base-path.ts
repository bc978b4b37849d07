/**
 * The path under which everything is served, with a slash at both ends. The page's modules lie in its
 * `assets/`, so it needs no word from the server and no base element.
 */
export const basePath = new URL(import.meta.url).pathname.replace(/(?:assets\/)?[^/]*$/, '')
