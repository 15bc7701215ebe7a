/**
 * The path of the page: '/', or a path such as '/deepsky/' under which a proxy offers it. The server
 * writes it into the document's `base` element.
 */
export const basePath = new URL('.', document.baseURI).pathname;

/** The complete address of the page's path. */
export const baseUrl = new URL('.', document.baseURI).href;

/** Returns the path of a resource of the server, such as `api/docs`. */
export const serverPath = (path: string): string => `${basePath}${path}`;
