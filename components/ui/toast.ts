export interface Toast {
  id: number;
  message: string;
  /** One thing to do about it: "Undo". */
  action?: { label: string; run: () => void };
}

/** How long a toast stays; nothing in one may be needed for longer. */
const stayMs = 5000;
const stayWithActionMs = 10_000;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says in passing that something has happened. What must not be missed belongs on the page instead. */
export function showToast(message: string, action?: Toast['action']): void {
  const toast = { id: ++lastId, message, action };
  change([...toasts.slice(-2), toast]);
  setTimeout(() => dismissToast(toast.id), action ? stayWithActionMs : stayMs);
}

export function dismissToast(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

export function subscribeToToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function getToasts(): readonly Toast[] {
  return toasts;
}
