export interface PopoverPlace {
  side?: 'top' | 'bottom';
  align?: 'start' | 'end';
}

const gapPx = 6;
const marginPx = 8;
/** Less room than this, and the other side is taken when it has more. */
const roomPx = 200;

/**
 * Puts a popover beside its anchor by setting the edges they share, so it need not be measured and can be
 * called before it is shown. (CSS anchor positioning will replace this once every browser we support has it.)
 */
export function placePopover(panel: HTMLElement, anchor: Element, place: PopoverPlace): void {
  const box = anchor.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const height = window.innerHeight;
  const above = box.top - gapPx - marginPx;
  const below = height - box.bottom - gapPx - marginPx;
  const wanted = place.side ?? 'bottom';
  const isAbove = wanted === 'top' ? above >= roomPx || above > below : below < roomPx && above > below;

  const { style } = panel;
  style.top = isAbove ? 'auto' : `${box.bottom + gapPx}px`;
  style.bottom = isAbove ? `${height - box.top + gapPx}px` : 'auto';
  // Nothing before it is shown: placed again then, it stays within the window.
  const roomForIt = width - marginPx - panel.offsetWidth;
  style.left = place.align === 'end' ? 'auto' : `${Math.max(marginPx, Math.min(box.left, roomForIt))}px`;
  style.right = place.align === 'end' ? `${Math.max(marginPx, width - box.right)}px` : 'auto';
  style.maxHeight = `${isAbove ? above : below}px`;
}
