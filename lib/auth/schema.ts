import type { CustomerPermission, StaffPermission } from './permissions';

/** Why something was not done. Every server action refuses like this, whatever went wrong. */
export interface Refusal {
  ok: false;
  /**
   * For programs. Of a command's own making, or: `invalid`, the input cannot be read; `throttled`, too many
   * in a short time; `failed`, something inside went wrong.
   */
  reason?: string;
  /** For people: what is wrong, and what to do. */
  message: string;
  /** What is wrong with what was typed, by the name of its field. Left out when it is none of the fields. */
  fields?: Readonly<Record<string, string>>;
}

/** What every command answers that a server action makes, and so every server action. */
export type ActionResult = { ok: true } | Refusal;

/** Of the answers of an action, those when it was done. */
export type Done<Answer> = Extract<Answer, { ok: true }>;

/** Of the answers of an action, those when it was not. */
export type Refused<Answer> = Extract<Answer | Refusal, { ok: false }>;

/** What a role may let one do, in an account or as staff: permissions.ts. */
export type Permission = CustomerPermission | StaffPermission;
