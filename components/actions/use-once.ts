'use client';

import { useEffect, useEffectEvent, useRef } from 'react';

/**
 * Does something when this part of the page comes up, and never again in its life: for a part that is there
 * to make one call.
 */
export function useOnce(act: () => void): void {
  const isDone = useRef(false);
  const begin = useEffectEvent(act);
  useEffect(() => {
    if (isDone.current) return;
    isDone.current = true;
    begin();
  }, []);
}
