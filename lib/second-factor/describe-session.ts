import { BlockList, isIP } from 'node:net';
import Bowser from 'bowser';
import type { SignInMethod } from '@/lib/db/generated/enums';
import type { SessionRow } from './schema';

const kinds: Record<string, SessionRow['kind']> = { desktop: 'computer', mobile: 'phone', tablet: 'tablet' };

/**
 * A browser in plain words: "Chrome on Windows". Versions say nothing to its owner, and browsers make them
 * up.
 */
export function describeDevice(userAgent: string | null): Pick<SessionRow, 'device' | 'kind'> {
  if (userAgent === null || userAgent.trim() === '') return { device: 'Unknown device', kind: 'unknown' };
  const { browser, os, platform } = Bowser.parse(userAgent);
  const kind = kinds[platform.type ?? ''] ?? 'unknown';
  const system = platform.model === 'iPhone' || platform.model === 'iPad' ? platform.model : os.name;
  const names = [browser.name, system].filter((name) => name !== undefined && name !== '');
  if (names.length === 2) return { device: `${names[0]} on ${names[1]}`, kind };
  // What is no browser says first what it is: "curl/8.5.0".
  const own = /^[\w .-]{1,40}(?=\/)/.exec(userAgent)?.[0].trim();
  return { device: names[0] ?? own ?? 'Unknown device', kind };
}

const local = new BlockList();
local.addSubnet('127.0.0.0', 8);
local.addAddress('::1', 'ipv6');
const inside = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  inside.addSubnet(net, prefix);
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');

/** Where somebody signed in: as much as an address says, which is no town. */
export function describePlace(address: string | null): string {
  if (address === null) return 'Address not known';
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return 'Address not known';
  if (local.check(address, family)) return 'On the server itself';
  return inside.check(address, family) ? `Address ${address}, in a private network` : `Address ${address}`;
}

/** How somebody signed in. */
export const methodWords: Record<SignInMethod, string> = {
  PASSWORD: 'Password alone',
  CODE: 'Password and a code of the app',
  RECOVERY_CODE: 'Password and a recovery code',
  PASSKEY: 'Passkey',
};
