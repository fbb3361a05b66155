'use client';

import { X } from 'lucide-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { Button } from './button';
import { IconButton } from './icon-button';
import { dismissToast, getToasts, subscribeToToasts, type Toast } from './toast';

const noToasts: readonly Toast[] = [];

/** Shows toasts above everything, dialogs included. Once, in the root layout. */
export function Toaster() {
  const toasts = useSyncExternalStore(subscribeToToasts, getToasts, () => noToasts);
  const region = useRef<HTMLDivElement>(null);

  useEffect(() => {
    // In a task of its own: a menu that opens has React draw at once, this effect included, and a browser
    // shows no popover while it shows another.
    const timer = setTimeout(() => {
      const element = region.current;
      if (!element) return;
      // Shown again it comes to the top of the top layer, above a dialog that has opened meanwhile.
      if (element.matches(':popover-open') && document.querySelector('dialog:modal')) element.hidePopover();
      if (!element.matches(':popover-open')) element.showPopover();
    });
    return () => clearTimeout(timer);
  }, [toasts]);

  return (
    <div
      ref={region}
      popover="manual"
      role="status"
      className="fixed inset-auto right-4 bottom-4 m-0 w-80 max-w-[calc(100vw-2rem)] space-y-2 bg-transparent p-0"
    >
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className="flex animate-appear items-center gap-3 rounded-lg border border-line bg-raised py-2 pr-2 pl-4 text-sm text-ink shadow-popover"
        >
          <span className="grow">{toast.message}</span>
          {toast.action && (
            <Button
              size="small"
              variant="quiet"
              onClick={() => {
                dismissToast(toast.id);
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <IconButton icon={X} label="Dismiss" onClick={() => dismissToast(toast.id)} />
        </div>
      ))}
    </div>
  );
}
