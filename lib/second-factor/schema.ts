/** What somebody has besides their password. */
export interface OwnFactors {
  /** Since when there is an authenticator app, ISO 8601; null: there is none. */
  appSince: string | null;
  passkeys: readonly OwnPasskey[];
  /** Recovery codes that have not been used. */
  codesLeft: number;
  /** Their account, or the provider of its staff, asks for one: the last cannot be removed. */
  isRequired: boolean;
}

export interface OwnPasskey {
  id: string;
  name: string;
  isSynced: boolean;
  /** ISO 8601, UTC. */
  createdAt: string;
  lastUsedAt: string | null;
}

/** What an authenticator app is given: as a picture, or typed. */
export interface AppSetup {
  /** Of the QR code: one path in a square of `size` units, the white border included. */
  qr: { size: number; path: string };
  /** Base32, in groups of four. */
  secret: string;
}

/** Shown that it is them, for what an open browser alone must not do. */
export type Proof = { password: string } | { passkey: string };

/** The parts of a session that its owner reads. */
export interface SessionRow {
  handle: string;
  isThisOne: boolean;
  /** "Chrome on Windows" */
  device: string;
  kind: 'computer' | 'phone' | 'tablet' | 'unknown';
  /** "203.0.113.9"; "Not known". */
  place: string;
  /** "Password and authenticator app" */
  method: string;
  createdAt: string;
  lastSeenAt: string;
}

/** Whether an account asks its people for a second factor, and how many of them have one. */
export interface AccountRequirement {
  isRequired: boolean;
  people: number;
  withFactor: number;
}

export const maxPasskeyName = 60;
export const maxPasskeys = 20;
export const recoveryCodeCount = 10;
