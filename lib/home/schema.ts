/** What happened on one day of the account's calendar. */
export interface DayCounts {
  /** "2026-11-23" */
  day: string;
  /** Messages of the customer accepted on that day (no confirmations), and what has come of them. */
  messages: number;
  delivered: number;
  blocked: number;
  failed: number;
  /** What they cost. */
  credits: number;
  replies: number;
  /** Opt-outs made by a reply; entries made by hand or imported are not the recipients' doing. */
  optOuts: number;
}

/** A day, with what came of its messages in the days since. */
export interface DayFigures extends DayCounts {
  /** Opt-outs that answered a message of this day, whenever they came. */
  caused: number;
}

/** A rate of fewer messages than this says nothing: one opt-out of two is no 50 %. */
export const fewestForRate = 10;

/** Days that the home page can look back on. */
export const periods = [7, 30, 90] as const;
export type Period = (typeof periods)[number];

/** How one text was taken, of the messages of the last 30 days. */
export interface TextRate {
  /** Its beginning. */
  text: string;
  messages: number;
  delivered: number;
  optOuts: number;
}

/** Something on which somebody should act. */
export type Attention =
  | { kind: 'replies-to-review'; count: number }
  | { kind: 'no-credits' }
  /** At the pace of the last two weeks they last for so many days, less than a week. */
  | { kind: 'credits-low'; credits: number; daysLeft: number }
  /** Of the last three days, in per cent of what was accepted, beside what is usual. */
  | { kind: 'failures'; failed: number; percent: number; usualPercent: number }
  | { kind: 'import-failed'; listId: string; name: string }
  /** No marketing goes out. */
  | { kind: 'marketing-stopped'; why: 'REGISTRATION' | 'CLEANSING' }
  /** After so many days it is too old; 0: today is the last. */
  | { kind: 'cleansing-due'; cleansedOn: string; daysLeft: number }
  | { kind: 'registration-ends'; endsOn: string };

/** Marketing of a month, by the days on which it was accepted. */
export interface MarketingFigures {
  /** Neither blocked nor cancelled. */
  sent: number;
  /** Of these, put off until the next lawful hour. */
  held: number;
  /** By the rule of the gate, most first. */
  blocked: { reason: string; messages: number }[];
  /** Opt-outs by reply on these days. */
  optOuts: number;
}

/** How many messages in all. */
export function countBlocked(blocked: MarketingFigures['blocked']): number {
  return blocked.reduce((sum, { messages }) => sum + messages, 0);
}

/** Those of several days or accounts, each reason once, most first. */
export function addUpReasons(parts: MarketingFigures['blocked']): MarketingFigures['blocked'] {
  const sums = new Map<string, number>();
  for (const { reason, messages } of parts) sums.set(reason, (sums.get(reason) ?? 0) + messages);
  return [...sums]
    .map(([reason, messages]) => ({ reason, messages }))
    .sort((one, other) => other.messages - one.messages);
}

/** What the page of a month shows of an account. */
export interface MonthOfAccount {
  figures: MarketingFigures;
  /** Numbers that got more than `most` marketing messages in a week, by its Monday. */
  often: { week: string; numbers: number }[];
  most: number;
  textRates: TextRate[];
  /** Days of it that are still being counted. */
  uncounted: string[];
}

/** A line of the month of all accounts. */
export interface AccountOfMonth {
  id: number;
  name: string;
  figures: MarketingFigures;
  /** In its worst week. */
  often: number;
  /** In days; null: there is no cleansing. */
  cleansingAge: number | null;
}

/** How a text of one of all accounts was taken. */
export interface TextRateOfAccount extends TextRate {
  accountId: number;
  accountName: string;
}

/** So many texts are shown of all accounts. */
export const shownTextsOfAll = 12;

/** What a number may get in a week before it is shown, where the account has no cap. */
export const usualMost = 3;

export const maxAccountsOfMonth = 500;
