'use client';

import { createContext, useContext } from 'react';

/** Whose changes: those of the signed-in account, or, for staff, those of all accounts. */
export type LiveSource = 'account' | 'staff';

/**
 * Whose changes a page shows. `viewer`: of two people who use one browser after each other, each has another.
 */
export interface LiveViewer {
  source: LiveSource;
  viewer: string;
}

export const LiveViewerContext = createContext<LiveViewer | null>(null);

export function useLiveViewer(): LiveViewer {
  const viewer = useContext(LiveViewerContext);
  if (!viewer) throw new Error('What keeps itself up to date stands within a LiveViewerProvider.');
  return viewer;
}
