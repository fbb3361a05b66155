import type { MinuteRange } from '@/lib/messages/lawful-hours';

/** What the staff have set for the whole installation. */
export interface PlatformSettings {
  /** How long a recipient has to answer the consent SMS. */
  removalExpiryDays: number;
  /** An exact YES lifts the block without a member of staff. */
  autoApprove: boolean;
  /** Consent of a recipient stands against the national registry; else the registry wins. */
  consentStands: boolean;
  /** When a consent SMS may leave, in minutes of the day, South African time. */
  weekday: MinuteRange;
  saturday: MinuteRange;
  /** "2026-11-04": proclaimed for once, beside those of the calendar. */
  extraHolidays: string[];
  /** For how many days marketing may be sent after a cleansing. */
  cleansingDays: number;
  /** "2026-12-01": from which day on an account that has never cleansed sends no marketing; null: it may. */
  cleansingRequiredFrom: string | null;
  /** The same of one that gave no registration. */
  registrationRequiredFrom: string | null;
  /** What becomes of a marketing text that does not name its sender, or does not say how to opt out. */
  marketingTextPolicy: 'ADVISE' | 'REFUSE';
}

export interface PlatformKeywordRow {
  id: number;
  word: string;
  match: 'EXACT' | 'PREFIX';
  createdByName: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** What a keyword would have matched, had it been there for the last 30 days. */
export interface KeywordTrial {
  normalised: string;
  /** Replies looked at; `complete`: that is all there were. */
  scanned: number;
  complete: boolean;
  matched: number;
  /** Of those, how many were no opt-out as it was. */
  newlyMatched: number;
  /** Some of the newly matched, the newest first. */
  examples: { accountId: number; text: string; verdict: 'OPT_OUT' | 'REVIEW' | 'NONE'; receivedAt: string }[];
}
