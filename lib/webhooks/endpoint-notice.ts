import type { NewNotice } from '@/lib/notices/schema';
import type { EndpointHealth, EndpointKey } from './claim';

interface Failing extends Pick<EndpointHealth, 'url' | 'reason'> {
  failingSince: Date;
}

/** Tells the owner, once, that an endpoint has failed for an hour. */
export function composeFailingNotice(key: EndpointKey, { url, reason, failingSince }: Failing): NewNotice {
  return {
    ...place(key),
    eventKey: `webhook:${key.endpointId}:failing:${failingSince.toISOString()}`,
    title: `Your webhook at ${nameHost(url)} fails`,
    text: [
      `Nothing could be delivered to it for an hour. ${reason ?? ''}`.trim(),
      'We go on trying. After three days without success it is paused, and what it was to be told waits.',
    ],
  };
}

/** Tells the owner that an endpoint was paused. */
export function composePausedNotice(
  key: EndpointKey,
  { url, reason }: Pick<EndpointHealth, 'url' | 'reason'>,
  now: Date,
): NewNotice {
  return {
    ...place(key),
    eventKey: `webhook:${key.endpointId}:paused:${now.toISOString()}`,
    title: `Your webhook at ${nameHost(url)} is paused`,
    text: [
      `Nothing could be delivered to it. ${reason ?? ''}`.trim(),
      'What it is to be told is kept for 30 days. Put the endpoint right, then press “Resume”: it gets all of it.',
    ],
  };
}

function place({ accountId, endpointId }: EndpointKey) {
  return { accountId, path: `/settings/webhooks/${endpointId}`, action: 'See its deliveries' };
}

function nameHost(url: string): string {
  return new URL(url).host;
}
