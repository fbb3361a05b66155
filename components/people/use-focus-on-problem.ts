import { useEffect, useRef, type RefObject } from 'react';

/** Takes the keyboard to the first field that something is wrong with. */
export function useFocusOnProblem(
  problems: Readonly<Record<string, string>>,
): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [problems]);
  return form;
}
