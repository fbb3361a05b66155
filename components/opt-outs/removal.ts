import { formatCount } from '@/components/ui/format-count';
import { removableKinds, type OptOutKind } from '@/lib/opt-outs/schema';

/**
 * How an entry may go: taken back by the account that made it, or on the recipient's own YES. What the staff
 * entered stands for a recipient's wish, too.
 */
export type Removal = 'own' | 'request';

export function getRemoval(kind: OptOutKind): Removal {
  return (removableKinds as readonly OptOutKind[]).includes(kind) ? 'own' : 'request';
}

export function getRequestHref(msisdn: string): string {
  return `/removal-requests/new?number=${msisdn}`;
}

/** Why some of the entries cannot be removed at once; null when all can be. */
export function describeRest(rows: readonly { kind: OptOutKind }[]): string | null {
  const count = rows.filter(({ kind }) => getRemoval(kind) === 'request').length;
  if (count === 0) return null;
  const [were, them] = count === 1 ? ['was', 'it'] : ['were', 'them'];
  return `${formatCount(count)} ${were} not made by your account: only the recipient can lift ${them}.`;
}
