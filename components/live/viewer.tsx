'use client';

import { useMemo, type ReactNode } from 'react';
import { SessionEnded } from './session-ended';
import { LiveViewerContext, type LiveViewer } from './viewer-context';

/**
 * Around all parts of a page that keep themselves up to date; says when whoever looks at it is signed in no
 * longer.
 */
export function LiveViewerProvider({ source, viewer, children }: LiveViewer & { children: ReactNode }) {
  const value = useMemo(() => ({ source, viewer }), [source, viewer]);
  return (
    <LiveViewerContext value={value}>
      <SessionEnded />
      {children}
    </LiveViewerContext>
  );
}
