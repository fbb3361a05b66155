import { placePopover } from './place-popover';

const delayMs = 350;

/** Shows tips in `layer` from now on. Returns how to stop. */
export function showTips(layer: HTMLElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let anchor: Element | null = null;

  function hide() {
    clearTimeout(timer);
    anchor = null;
    if (layer.matches(':popover-open')) layer.hidePopover();
  }

  function show(event: Event, waitMs: number) {
    const target = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
    if (target === anchor) return;
    hide();
    if (!target) return;
    anchor = target;
    timer = setTimeout(() => {
      if (!target.isConnected) return;
      layer.textContent = target.getAttribute('data-tip');
      const isAtRight = target.getBoundingClientRect().left > window.innerWidth * 0.6;
      placePopover(layer, target, { side: 'top', align: isAtRight ? 'end' : 'start' });
      layer.showPopover();
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
}
