'use client';

import { createContext, useContext, type ReactNode } from 'react';

const DraftOwnerContext = createContext('');

/** Says whose drafts the forms below keep: a username; without it nobody's. */
export function DraftOwner({ username, children }: { username: string; children: ReactNode }) {
  return <DraftOwnerContext value={username}>{children}</DraftOwnerContext>;
}

export function useDraftOwner(): string {
  return useContext(DraftOwnerContext);
}
