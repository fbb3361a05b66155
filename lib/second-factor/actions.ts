'use server';

import { z } from 'zod';
import { customerAction, halfAction, openAction, personAction } from '@/lib/auth/make-action';
import { endOtherSessions as endOthers, endOwnSessionByName } from '@/lib/auth/own-sessions';
import { findVisitorAddress } from '@/lib/http/find-visitor-address';
import * as apps from './app-commands';
import { askForPasskey } from './assertions';
import * as passkeys from './passkey-commands';
import { askToSignIn } from './passkey-sign-in';
import { saveRequirement as save } from './requirement';
import * as step from './second-step';

// Long enough to be told what is wrong with it.
const code = z.object({ code: z.string().max(200) });
const answer = z.string().max(20_000);
const proof = z.union([
  z.object({ password: z.string().max(1000) }).strict(),
  z.object({ passkey: answer }).strict(),
]);
const name = z.string().max(500);
const nothing = z.void();

const notSetUp = 'It was not set up. Try again in a moment.';
const notIn = 'You are not signed in yet. Try again in a moment.';

/** Begins to sign in with a passkey: anybody may ask. */
export const beginPasskeySignIn = openAction(
  nothing,
  async (pool) => askToSignIn(pool, await findVisitorAddress(), new Date()),
  { doing: 'Asking for a passkey', failed: 'You are not signed in. Try again in a moment.' },
);

// The second step of signing in.

/** Finishes signing in with a code of the app. */
export const enterCode = halfAction(
  code,
  (pool, half, { code }) => step.enterCode(pool, half, code, new Date()),
  {
    doing: 'Taking a code',
    failed: notIn,
  },
);

/** Finishes signing in with a recovery code. */
export const enterRecoveryCode = halfAction(
  code,
  (pool, half, { code }) => step.enterRecoveryCode(pool, half, code, new Date()),
  { doing: 'Taking a recovery code', failed: notIn },
);

/** What one's passkey is to sign to finish signing in. */
export const beginPasskeyStep = halfAction(
  nothing,
  (pool, half) => ask(() => askForPasskey(pool, { purpose: 'SECOND_STEP', userId: half.userId }, new Date())),
  { doing: 'Asking for a passkey', failed: notIn },
);

/** Finishes signing in with a passkey. */
export const enterPasskey = halfAction(
  z.object({ answer }),
  (pool, half, { answer }) => step.enterPasskey(pool, half, answer, new Date()),
  { doing: 'Taking a passkey', failed: notIn },
);

/** Begins the authenticator app of somebody who must have a second factor and has none. */
export const beginFirstApp = halfAction(nothing, (pool, half) => apps.beginApp(pool, half, new Date()), {
  doing: 'Beginning an authenticator app',
  failed: notSetUp,
});

/** Takes its first code, and finishes signing in. */
export const confirmFirstApp = halfAction(
  code,
  (pool, half, { code }) => apps.confirmApp(pool, half, code, new Date()),
  { doing: 'Setting up an authenticator app', failed: notSetUp },
);

/** Begins the passkey of somebody who must have a second factor and has none. */
export const beginFirstPasskey = halfAction(
  nothing,
  (pool, half) => passkeys.beginPasskey(pool, half, new Date()),
  { doing: 'Beginning a passkey', failed: notSetUp },
);

/** Keeps it, and finishes signing in. */
export const addFirstPasskey = halfAction(
  z.object({ answer, name }),
  (pool, half, made) => passkeys.addPasskey(pool, half, made, new Date()),
  { doing: 'Adding a passkey', failed: notSetUp },
);

// Of whoever is signed in, their own.

/** What one's passkey is to sign to show that it is them. */
export const beginProof = personAction(
  nothing,
  (pool, person) => ask(() => askForPasskey(pool, { purpose: 'PROOF', userId: person.userId }, new Date())),
  { doing: 'Asking for a passkey' },
);

/** Begins to set up an authenticator app, or another one. */
export const beginApp = personAction(
  z.object({ proof }),
  (pool, person, { proof }) => apps.beginOwnApp(pool, person, proof, new Date()),
  { doing: 'Beginning an authenticator app', failed: notSetUp },
);

/** Takes its first code: from now on they are asked for. */
export const confirmApp = personAction(
  code,
  (pool, person, { code }) => apps.confirmApp(pool, person, code, new Date()),
  { doing: 'Setting up an authenticator app', failed: notSetUp },
);

/** Removes the authenticator app. */
export const removeApp = personAction(
  z.object({ proof }),
  (pool, person, { proof }) => apps.removeApp(pool, person, proof, new Date()),
  { doing: 'Removing an authenticator app' },
);

/** Makes new recovery codes. */
export const renewRecoveryCodes = personAction(
  z.object({ proof }),
  (pool, person, { proof }) => apps.renewRecoveryCodes(pool, person, proof, new Date()),
  { doing: 'Renewing recovery codes' },
);

/** Begins to make a passkey. */
export const beginPasskey = personAction(
  z.object({ proof }),
  (pool, person, { proof }) => passkeys.beginOwnPasskey(pool, person, proof, new Date()),
  { doing: 'Beginning a passkey', failed: notSetUp },
);

/** Keeps a passkey that was made. */
export const addPasskey = personAction(
  z.object({ answer, name }),
  (pool, person, made) => passkeys.addPasskey(pool, person, made, new Date()),
  { doing: 'Adding a passkey', failed: notSetUp },
);

/** Gives a passkey another name. */
export const renamePasskey = personAction(
  z.object({ id: z.string().max(2000), name }),
  (pool, person, change) => passkeys.renamePasskey(pool, person, change),
  { doing: 'Renaming a passkey' },
);

/** Removes a passkey. */
export const removePasskey = personAction(
  z.object({ id: z.string().max(2000), proof }),
  (pool, person, removal) => passkeys.removePasskey(pool, person, removal, new Date()),
  { doing: 'Removing a passkey' },
);

/** Ends one session of one's own; one that has ended meanwhile is no mistake. */
export const endSession = personAction(
  z.object({ handle: z.string().max(50) }),
  async (pool, person, { handle }) => {
    await endOwnSessionByName(pool, person, handle);
    return { ok: true as const };
  },
  { doing: 'Ending a session' },
);

/** Ends all sessions of one's own but this one. */
export const endOtherSessions = personAction(
  nothing,
  async (pool, person) => ({ ok: true as const, ended: await endOthers(pool, person) }),
  { doing: 'Ending sessions' },
);

/** Whether everybody who works with the account must have a second factor. */
export const saveRequirement = customerAction(
  z.object({ isRequired: z.boolean() }),
  (pool, scope, { isRequired }) => save(pool, scope, isRequired, new Date()),
  {
    may: 'settings.change',
    doing: 'Saving a setting',
    failed: 'This could not be saved just now. Nothing has changed; try again.',
  },
);

async function ask(begin: () => ReturnType<typeof askForPasskey>) {
  const options = await begin();
  if (options) return { ok: true as const, options };
  return { ok: false as const, message: 'There is no passkey of yours here any more.' };
}
