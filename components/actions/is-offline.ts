/** The browser is sure of having no network; that it has one, it only supposes. */
export function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}
