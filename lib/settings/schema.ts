import type { MessagePurpose } from '@/lib/messages/schema';
import { maxTextLength } from '@/lib/sms/segments';

/** What is done with a reply that is probably an opt-out. */
export type ReviewPolicy = 'ASK' | 'BLOCK';

export interface AccountSettings {
  accountName: string;
  /** What is sent when the account has no text of its own. */
  standardConfirmation: string;
  /** Null: the standard text. */
  confirmationText: string | null;
  keywords: OwnKeyword[];
  reviewPolicy: ReviewPolicy;
  /** Of a message of which nobody says what it is for. */
  defaultPurpose: MessagePurpose;
  /** Besides its own name: a marketing text says one of them. */
  tradingNames: string[];
  /** The most marketing messages to one number in seven days; null: no cap. */
  weeklyMarketingCap: number | null;
  timeZone: string;
}

export interface OwnKeyword {
  id: number;
  /** Normalised. */
  word: string;
  match: KeywordMatch;
}

export type KeywordMatch = 'exact' | 'prefix';

export const maxTradingNames = 20;
/** The longest of them, in characters. */
export const maxTradingName = 60;

/** The names of a text, one a line, each once. */
export function splitTradingNames(text: string): string[] {
  const names = text.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

/** Why names cannot be those that an account trades under, for people; null when they can. */
export function findTradingNamesProblem(names: readonly string[]): string | null {
  if (names.length > maxTradingNames) return `Keep to ${maxTradingNames} names; these are ${names.length}.`;
  const long = names.find((name) => name.length > maxTradingName);
  if (long !== undefined) return `Shorten “${long.slice(0, 20)}…” to ${maxTradingName} characters.`;
  const bare = names.find((name) => !/[\p{L}\p{N}]/u.test(name));
  return bare === undefined ? null : `“${bare}” has no letter or digit, so no text can be searched for it.`;
}

export const maxOwnKeywords = 50;
/** The longest keyword, in characters, once normalised. */
export const maxKeywordLength = 100;

export type SaveAnswer = { ok: true } | { ok: false; message: string };

export type AddKeywordAnswer =
  | { ok: true; word: string }
  | { ok: false; message: string }
  /** It is allowed, but somebody should look first. */
  | { ok: false; reason: 'many-matches'; message: string; matches: KeywordMatches };

/** What a new keyword would have done with the replies of the last 30 days. */
export interface KeywordMatches {
  /** Replies read: the latest of those days. */
  replies: number;
  /** Of those, how many it would have made an opt-out that were none. */
  matched: number;
  examples: string[];
}

export interface TryAnswer {
  ok: true;
  verdict: 'opt-out' | 'review' | 'none';
  rule: string | null;
  /** As it was compared. */
  normalised: string;
}

/** Case, spaces and the width of letters do not matter: "KAROO  coffee" names Karoo Coffee. */
function foldName(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** Why a text cannot be the confirmation, for people; null when it can. */
export function findConfirmationProblem(text: string, accountName: string): string | null {
  if (text.trim() === '') return 'Write a text, or use the standard text.';
  if (text.length > maxTextLength) {
    return `Shorten the text to ${maxTextLength} characters; these are ${text.length}.`;
  }
  if (!foldName(text).includes(foldName(accountName))) {
    return `Name your account, “${accountName}”, so that people know who will not write again.`;
  }
  return null;
}

const link = /https?:|www\.|\b[\w-]+\.(?:co\.za|com|net|org|africa|za|me|ly|io|link)\b/i;
const marketing =
  /\b(?:sales?|specials?|discounts?|offers?|promo\w*|deals?|vouchers?|coupons?|free|win|buy|shop|visit us|save r?\d+|order now)\b|\d+ ?% off/i;

/** What had better not be in a confirmation, for people. The rules ask for one without marketing. */
export function listConfirmationWarnings(text: string): string[] {
  const word = marketing.exec(text)?.[0];
  return [
    ...(link.test(text)
      ? ['There is a link in it. A confirmation should only confirm; a link reads like advertising.']
      : []),
    ...(word === undefined
      ? []
      : [`“${word}” reads like advertising. A confirmation must not carry marketing.`]),
  ];
}

/** What becomes of a reply, as an example. */
export interface ReplyExample {
  text: string;
  verdict: TryAnswer['verdict'];
  rule: string | null;
}
