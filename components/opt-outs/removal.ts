import { formatCount } from '@/components/ui/format-count';
import { removableKinds, type OptOutKind } from '@/lib/opt-outs/schema';

/** How an entry may go: taken back by the account, on the recipient's own wish, or by the provider's staff. */
export type Removal = 'own' | 'request' | 'ask';

export function getRemoval(kind: OptOutKind): Removal {
  if ((removableKinds as readonly OptOutKind[]).includes(kind)) return 'own';
  return kind === 'STAFF' ? 'ask' : 'request';
}

export function getRequestHref(msisdn: string): string {
  return `/removal-requests/new?number=${msisdn}`;
}

/** Why some of the entries cannot be removed at once; null when all can be. */
export function describeRest(rows: readonly { kind: OptOutKind }[]): string | null {
  const count = (removal: Removal) => rows.filter(({ kind }) => getRemoval(kind) === removal).length;
  const [request, ask] = [count('request'), count('ask')];
  const reasons = [
    request > 0 &&
      `${formatCount(request)} came by reply: only the recipient can lift ${request === 1 ? 'it' : 'them'}.`,
    ask > 0 && `${formatCount(ask)} ${ask === 1 ? 'was' : 'were'} made by our staff: ask us.`,
  ].filter(Boolean);
  return reasons.length > 0 ? reasons.join(' ') : null;
}
