'use client';

import { useEffect, useRef } from 'react';
import { placePopover } from './place-popover';

const delayMs = 350;

/**
 * Shows the `data-tip` of whatever the mouse rests on or the keyboard reaches. Once, in the root layout: so
 * any element, rendered on the server too, has a tip for the price of an attribute. A tip only repeats or
 * explains; what it says must be readable elsewhere, since touch never sees it and screen readers skip it.
 */
export function TipLayer() {
  const layer = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let anchor: Element | null = null;

    function hide() {
      clearTimeout(timer);
      anchor = null;
      if (layer.current?.matches(':popover-open')) layer.current.hidePopover();
    }

    function show(event: Event, waitMs: number) {
      const target = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
      if (target === anchor) return;
      hide();
      if (!target) return;
      anchor = target;
      timer = setTimeout(() => {
        const panel = layer.current;
        if (!panel || !target.isConnected) return;
        panel.textContent = target.getAttribute('data-tip');
        const isAtRight = target.getBoundingClientRect().left > window.innerWidth * 0.6;
        placePopover(panel, target, { side: 'top', align: isAtRight ? 'end' : 'start' });
        panel.showPopover();
      }, waitMs);
    }

    const onPointerOver = (event: PointerEvent) => event.pointerType === 'mouse' && show(event, delayMs);
    const onFocusIn = (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) show(event, 0);
    };
    const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && hide();

    document.addEventListener('pointerover', onPointerOver);
    document.addEventListener('focusin', onFocusIn);
    document.addEventListener('focusout', hide);
    document.addEventListener('pointerdown', hide);
    document.addEventListener('keydown', onKeyDown);
    window.addEventListener('scroll', hide, { passive: true });
    return () => {
      hide();
      document.removeEventListener('pointerover', onPointerOver);
      document.removeEventListener('focusin', onFocusIn);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('scroll', hide);
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
