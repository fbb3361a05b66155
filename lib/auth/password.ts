import { hash, verify } from '@node-rs/argon2';

/** OWASP's recommendation for argon2id (the package's default algorithm): 19 MiB, two passes, one lane. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** @returns a PHC string, salt and parameters included */
export function hashPassword(password: string): Promise<string> {
  return hash(password, options);
}

/**
 * Whether a hash was made with less than is asked now: another algorithm, or less memory, passes or lanes.
 */
export function isOutdatedHash(passwordHash: string): boolean {
  const [, memory, passes, lanes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(passwordHash) ?? [];
  return (
    memory === undefined ||
    Number(memory) < options.memoryCost ||
    Number(passes) < options.timeCost ||
    Number(lanes) < options.parallelism
  );
}

let decoy: Promise<string> | undefined;

/**
 * Checks a password. Without a hash (no such user) it takes as long as with one, so the time tells nobody
 * whether a username exists.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('the password of a user who does not exist');
  const matches = await verify(passwordHash ?? (await decoy), password);
  return passwordHash !== null && matches;
}
