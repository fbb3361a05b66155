'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

const typingPauseMs = 250;

/**
 * What is being typed into a search: it counts (`commit`) once the typing pauses. Whoever goes elsewhere
 * meanwhile is not held back: with a link pressed, Back, or the page gone, what was typed last counts no
 * more. A delay that went on (as nuqs' own does) would write this page's address over the one just gone to.
 */
export function useTypedText(committed: string, commit: (text: string) => void) {
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const drop = useCallback(() => {
    clearTimeout(timer.current);
    setTyped(null);
  }, []);

  useEffect(() => {
    function dropOnLeave(event: MouseEvent) {
      const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
      if (!opensElsewhere && event.target instanceof Element && event.target.closest('a[href]')) drop();
    }
    document.addEventListener('click', dropOnLeave, { capture: true });
    window.addEventListener('popstate', drop);
    return () => {
      clearTimeout(timer.current);
      document.removeEventListener('click', dropOnLeave, { capture: true });
      window.removeEventListener('popstate', drop);
    };
  }, [drop]);

  return {
    text: typed ?? committed,
    type(text: string) {
      clearTimeout(timer.current);
      setTyped(text);
      timer.current = setTimeout(() => {
        setTyped(null);
        commit(text);
      }, typingPauseMs);
    },
    drop,
    /** At once: Enter, or a press that clears it. */
    set(text: string) {
      drop();
      commit(text);
    },
  };
}
