import type { RequestKey } from '@/lib/removal-requests/schema';

/** Who looks at requests: somebody of the account that made them, or the provider's staff. */
export type Audience = 'customer' | 'staff';

/** The page of a request. */
export function getRequestHref(
  audience: Audience,
  { accountId, id }: { accountId: RequestKey['accountId']; id: string },
): string {
  return audience === 'staff' ? `/admin/removal-requests/${accountId}/${id}` : `/removal-requests/${id}`;
}

/** The whole of a text that the page shows but the beginning of. */
export function getTextHref(
  audience: Audience,
  kind: 'reply' | 'event',
  { accountId, id }: { accountId: RequestKey['accountId']; id: string },
): string {
  return audience === 'staff' ? `/api/admin/texts/${kind}/${accountId}/${id}` : `/api/texts/${kind}/${id}`;
}
