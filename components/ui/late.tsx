'use client';

import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from './button';
import { LateScript, type Load } from './late-script';
import { Spinner } from './spinner';
import { showToast } from './toast';

/*
 * What most visits do not need is fetched when it is about to be needed. It may take long, or not come: not
 * React's own `lazy`, which shows the page's error instead of the page, and never tries again.
 */

const sentence = 'This part of the page could not be loaded. Check your connection.';

/** What has come: shown in the same breath as the place in which it stands. */
const arrived = new WeakMap<Load<unknown>, unknown>();

/** Begins to fetch it, for whoever comes near. */
export function loadAhead(load: Load<unknown>): void {
  load().then(
    (module) => arrived.set(load, module),
    // Said when it is needed, and not there.
    () => undefined,
  );
}

/** Fetches it as soon as the page can be used: what is needed at once when it is needed at all. */
export function useSoon(load: Load<unknown>): void {
  useEffect(() => loadAhead(load), [load]);
}

interface Late<Module> {
  /** Once it is there. */
  module: Module | null;
  /** Somebody waits for it. */
  isPending: boolean;
  /**
   * Runs `open` with it there: at once, or when it has come; of several who wait, the last. The same function
   * from render to render.
   */
  request: (open: () => void) => void;
}

/**
 * For what opens at a press, such as a dialog: nothing opens before it is there, the button says so
 * (`pending`), and the focus stays. What does not come is said, with "Try again".
 */
export function useLate<Module>(load: Load<Module>): Late<Module> {
  const [module, setModule] = useState<Module | null>(null);
  const [isPending, setIsPending] = useState(false);
  const [script] = useState(
    () =>
      new LateScript(load, {
        onPending: setIsPending,
        onLoaded: (loaded) => setModule(() => loaded),
        onFailed: (run) => showToast(sentence, { label: 'Try again', run }),
      }),
  );
  useEffect(() => () => script.leave(), [script]);
  const request = useCallback((open: () => void) => script.request(open), [script]);
  return { module, isPending, request };
}

interface LatePartProps<Module> {
  /** The same function from render to render. */
  load: Load<Module>;
  /** What stands there while it comes for the first time; not given: a spinner. */
  waiting?: ReactNode;
  /** Classes of the room it will take: a panel is placed before it is there. */
  room?: string;
  children: (module: Module) => ReactNode;
}

/** For what stands in a place that is open already, such as a panel. */
export function LatePart<Module>({ load, waiting, room = 'min-h-40', children }: LatePartProps<Module>) {
  const [module, setModule] = useState<Module | null>(
    () => (arrived.get(load) as Module | undefined) ?? null,
  );
  const [state, setState] = useState<'first' | 'failed' | 'again'>('first');
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (state === 'failed' || module) return;
    let isThere = true;
    load().then(
      (loaded) => {
        arrived.set(load, loaded);
        if (isThere) setModule(() => loaded);
      },
      () => isThere && setState('failed'),
    );
    return () => void (isThere = false);
  }, [load, state, module]);

  if (module) return children(module);
  if (waiting && state === 'first') return waiting;
  return (
    <div
      ref={box}
      tabIndex={-1}
      className={`flex flex-col items-center justify-center gap-3 p-5 text-sm outline-none ${room}`}
    >
      {state === 'failed' ? (
        <>
          <p role="alert">{sentence}</p>
          <Button
            size="small"
            onClick={() => {
              // The button goes: the focus stays within.
              box.current?.focus();
              setState('again');
            }}
          >
            Try again
          </Button>
        </>
      ) : (
        <span role="status" aria-label="Loading">
          <Spinner />
        </span>
      )}
    </div>
  );
}
