'use server';

import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import * as commands from './commands';
import { readNetworks } from './networks';
import { apiScopes, lifetimeDays, maxNameLength, maxNetworks, overlapHours } from './schema';

const dayMs = 86_400_000;

/** As it is kept; empty: chosen for each recipient. */
const senderNumber = z
  .string()
  .max(20)
  .regex(/^\d*$/)
  .transform((number) => (number === '' ? null : number));

const newKey = z.object({
  handle: z.uuid(),
  name: z
    .string()
    .transform((name) => name.replaceAll('\0', '').trim())
    .refine((name) => name !== '', 'Name the key after the program that will use it.')
    .refine((name) => name.length <= maxNameLength, `Keep the name to ${maxNameLength} characters.`),
  scopes: z.array(z.enum(apiScopes)).min(1, 'Choose at least one thing that the key may do.'),
  networks: z
    .string()
    .max(10_000)
    .transform((typed, context) => {
      const read = readNetworks(typed);
      if (read.ok && read.networks.length <= maxNetworks) return read.networks;
      const message = read.ok
        ? `Enter at most ${maxNetworks} addresses.`
        : `“${read.problem}” is no address. Write each like 196.25.1.10, or a network like 196.25.1.0/24.`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
  lifetimeDays: z.literal(lifetimeDays),
  senderNumber,
});

/** Makes a key; the answer has its secret, which is shown this once. */
export const makeKey = customerAction(
  newKey,
  (pool, scope, { lifetimeDays: days, ...key }) => {
    const now = new Date();
    const expiresAt = days === null ? null : new Date(now.getTime() + days * dayMs);
    return commands.makeApiKey(pool, scope, { ...key, expiresAt }, now);
  },
  {
    may: 'settings.change',
    doing: 'Making an API key',
    failed: 'The key was not made. Try again in a moment.',
    refreshes: true,
  },
);

/** Gives a key a new secret. */
export const rotateKey = customerAction(
  z.object({ id: z.int32(), seen: z.int32(), overlapHours: z.literal(overlapHours) }),
  (pool, scope, input) => commands.rotateApiKey(pool, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Rotating an API key',
    failed: 'The key has its old secret still. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ keyId: id }),
  },
);

/** Chooses which number a key sends from. */
export const chooseSender = customerAction(
  z.object({ id: z.int32(), senderNumber }),
  (pool, scope, input) => commands.chooseKeySender(pool, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Choosing the sender number of an API key',
    failed: 'The key sends from the number it had. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ keyId: id }),
  },
);

/** Revokes a key at once. */
export const revokeKey = customerAction(
  z.object({ id: z.int32() }),
  (pool, scope, input) => commands.revokeApiKey(pool, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Revoking an API key',
    failed: 'The key still works. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ keyId: id }),
  },
);
