'use client';

import { useEffect, useRef } from 'react';

/**
 * Shows the `data-tip` of whatever the mouse rests on or the keyboard reaches. Once, in the root layout: so
 * any element, rendered on the server too, has a tip for the price of an attribute. A tip only repeats or
 * explains; what it says must be readable elsewhere, since touch never sees it and screen readers skip it.
 * So what shows it is fetched when the page can be used already.
 */
export function TipLayer() {
  const layer = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = layer.current;
    if (!element) return;
    let stop: (() => void) | null = null;
    let isThere = true;
    import('./show-tips').then(
      ({ showTips }) => {
        if (isThere) stop = showTips(element);
      },
      // A page without tips says all that it says with them.
      () => undefined,
    );
    return () => {
      isThere = false;
      stop?.();
    };
  }, []);

  return (
    <div
      ref={layer}
      popover="manual"
      aria-hidden="true"
      className="pointer-events-none fixed inset-auto m-0 max-w-72 rounded-md bg-ink px-2 py-1 text-xs text-canvas"
    />
  );
}
