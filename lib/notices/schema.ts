/** Something an account is told: a notice in the portal, and an e-mail to its owner. */
export interface NewNotice {
  accountId: number;
  /** What it tells of ("removal-request:7:REMOVED"): told once, whatever is tried again. */
  eventKey: string;
  title: string;
  /** Paragraphs. */
  text: readonly string[];
  /** Where it leads, within the portal. */
  path: string;
  /** What the link to there says. */
  action: string;
  /** Its administrators, and other owners, get the e-mail too. */
  toAdministrators?: boolean;
}

/** KEPT: written to a file, as there is no mail server. */
export type EmailState = 'QUEUED' | 'SENDING' | 'SENT' | 'KEPT' | 'FAILED';

export interface NoticeRow {
  id: string;
  title: string;
  text: string;
  path: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
  readAt: string | null;
}

export interface EmailRow {
  id: string;
  accountId: number;
  recipient: string;
  subject: string;
  state: EmailState;
  attempts: number;
  reason: string | null;
  createdAt: string;
  finishedAt: string | null;
  nextAttemptAt: string | null;
}

/** One that was kept for lack of a mail server, with its link. */
export interface KeptEmail extends Pick<
  EmailRow,
  'id' | 'accountId' | 'recipient' | 'subject' | 'createdAt'
> {
  text: string;
}

export interface EmailDetail extends EmailRow {
  text: string;
  html: string;
}
