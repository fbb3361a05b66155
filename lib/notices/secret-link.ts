import { secretPurposes, type LinkPurpose } from '@/lib/secrets/purposes';

/** The event key of an e-mail with the link of a one-time secret. */
export function composeLinkKey(purpose: LinkPurpose, secretId: string): string {
  return `one-time-link:${purpose}:${secretId}`;
}

/** Which secret's link an e-mail has, by its event key; null when it has none. */
export function parseLinkKey(eventKey: string): LinkPurpose | null {
  const purpose = /^one-time-link:([a-z-]+):/.exec(eventKey)?.[1] ?? '';
  const isLink =
    Object.hasOwn(secretPurposes, purpose) && secretPurposes[purpose as LinkPurpose].kind === 'link';
  return isLink ? (purpose as LinkPurpose) : null;
}
