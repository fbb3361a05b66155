import type { MemberRole, StaffRole } from '@/lib/db/generated/enums';

/**
 * What a password has at least, and at most. There are no rules of composition: length, and not a known one.
 */
export const minPasswordLength = 10;
export const maxPasswordLength = 200;

/**
 * What is typed on the page on which one registers. `website` is the honeypot: hidden from people, filled in
 * by programs.
 */
export type RegistrationFields = {
  company: string;
  name: string;
  email: string;
  number: string;
  username: string;
  password: string;
  website: string;
};

/** A username as it may be: said while it is typed, and held by the server. Null: it may be. */
export function checkUsername(username: string): string | null {
  const typed = username.trim().toLowerCase();
  if (typed === '') return 'Choose a username.';
  if (typed.length < 3) return 'A username has at least 3 characters.';
  if (typed.length > 30) return 'Keep the username to 30 characters.';
  return /^[a-z0-9][a-z0-9._-]*$/.test(typed)
    ? null
    : 'Use letters, digits, dots, hyphens and underscores; begin with a letter or a digit.';
}

/** A registration whose address is confirmed, as the page of the code shows it. */
export interface ConfirmedRegistration {
  company: string;
  email: string;
  msisdn: string;
  username: string;
  /** Somebody has taken the username: another is to be chosen. */
  isUsernameTaken: boolean;
  /** The link was followed in another browser than the one that sent the form: it is chosen anew. */
  needsPassword: boolean;
  /** How long until the next code may be asked for; 0: now. */
  waitSeconds: number;
}

/** How a forgotten password is recovered. */
export type RecoveryWay = 'link' | 'code';

/** What a person sees of themselves. */
export interface OwnDetails {
  name: string;
  username: string;
  email: string;
  msisdn: string | null;
  /** Addresses and numbers that wait to be confirmed. */
  newEmail: string | null;
  newMsisdn: string | null;
}

/** How far somebody new has come: what the first page leads through. */
export interface FirstSteps {
  /** The trial's own number. */
  msisdn: string;
  hasSent: boolean;
  isDelivered: boolean;
  hasStopped: boolean;
  /** The sender number from which the last one came. */
  senderNumber: string | null;
}

/** Somebody who works with an account, as its list of people shows them. */
export interface MemberRow {
  userId: number;
  name: string;
  username: string;
  email: string;
  role: MemberRole;
  /** In this account. */
  isSuspended: boolean;
  /** By the provider's staff, everywhere. */
  isBarred: boolean;
  hasFactor: boolean;
  /** ISO; null: not yet. */
  lastSeenAt: string | null;
  createdAt: string;
}

/** What an administrator can do with somebody of the provider's staff. */
export const staffChanges = [
  'make-administrator',
  'make-support',
  'suspend',
  'reinstate',
  /** To whoever has not signed in yet. */
  'send-link',
  'remove',
] as const;
export type StaffChange = (typeof staffChanges)[number];

/** A member of the provider's staff, as the list of them shows them. */
export interface StaffRow {
  userId: number;
  name: string;
  username: string;
  email: string;
  role: StaffRole;
  isSuspended: boolean;
  hasFactor: boolean;
  /** ISO; null: not yet. */
  lastSignInAt: string | null;
}

/** An invitation that was neither accepted nor withdrawn. */
export interface OpenInvitation {
  id: string;
  email: string;
  role: MemberRole;
  sentAt: string;
  expiresAt: string;
  isExpired: boolean;
}

/** An account that somebody can switch to. */
export interface OwnAccount {
  id: number;
  name: string;
  role: MemberRole;
}

/** What the page behind an invitation's link shows. */
export interface InvitationView {
  accountName: string;
  /** As shown: "W58324". */
  accountNumber: string;
  role: MemberRole;
  invitedBy: string;
  email: string;
  /** Somebody has this address: they join by signing in. */
  hasUser: boolean;
}
