import type { ReactNode } from 'react';
import { Callout } from '@/components/ui/callout';

/** Over a form that holds what was typed before the page was loaded anew. */
export function DraftNotice({ children }: { children: ReactNode }) {
  return <Callout>What you typed before is here again. {children}</Callout>;
}
