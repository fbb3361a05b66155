import type { SimulatorText } from './types';

export interface PhoneContents {
  /** Oldest first. */
  messages: readonly SimulatorText[];
  /** Where the SMSs before these begin; null: these are all. */
  older: string | null;
}

/**
 * Adds the newest page to what is known. When so much has arrived that they do not meet, the page replaces
 * it.
 */
export function mergeNewest(known: PhoneContents | null, page: PhoneContents): PhoneContents {
  if (!known) return page;
  const ids = new Set(page.messages.map((message) => message.id));
  const meets = page.older === null || known.messages.some((message) => ids.has(message.id));
  if (!meets) return page;
  const before = known.messages.filter((message) => !ids.has(message.id));
  return {
    messages: [...before, ...page.messages].sort((a, b) => Number(a.id) - Number(b.id)),
    older: known.older,
  };
}

/** Puts an older page before what is known. */
export function mergeOlder(known: PhoneContents, page: PhoneContents): PhoneContents {
  const ids = new Set(known.messages.map((message) => message.id));
  return {
    messages: [...page.messages.filter((message) => !ids.has(message.id)), ...known.messages],
    older: page.older,
  };
}
