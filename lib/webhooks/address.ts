import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What the operator allows beyond what is safe on the internet. */
export interface AddressRules {
  /** Addresses of this machine, for tests. */
  allowLoopback: boolean;
  /** Plain http; where it is left out, only to this machine, if that is allowed. */
  allowHttp: boolean;
}

/**
 * Whether a request may go to an IP address: to public ones alone. What is private, of this machine or link,
 * multicast (clouds keep their secrets at link-local addresses), reserved, or another address in disguise
 * (IPv4 mapped into IPv6, 6to4, Teredo, NAT64) is refused.
 */
export function isAllowedAddress(address: string, { allowLoopback }: Pick<AddressRules, 'allowLoopback'>) {
  if (isIP(address) === 0 || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range === 'loopback') return allowLoopback;
  // ipaddr calls what nobody was given "unicast" too, and the old way to write IPv4 in IPv6 (::7f00:1)
  return range === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(givenOutV6));
}

/** The addresses of IPv6 that have been given out on the internet. */
const givenOutV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** The host of a URL as an address, or null when it is a name. URL has read every way to write one. */
export function readLiteralHost(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? null : bare;
}

export function isLocalName(hostname: string): boolean {
  return /^(?:.+\.)?localhost\.?$/i.test(hostname);
}

/** What is wrong with an address that somebody typed for an endpoint, in a sentence; null: nothing. */
export function findUrlProblem(typed: string, rules: AddressRules): string | null {
  if (!URL.canParse(typed)) return 'Enter an address like https://shop.example/hooks.';
  const url = new URL(typed);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'The address must begin with https://.';
  if (url.username !== '' || url.password !== '') {
    return 'Leave the name and the password out of the address: every delivery is signed instead.';
  }
  const literal = readLiteralHost(url.hostname);
  const isLocal = isLocalName(url.hostname) || (literal !== null && isLoopback(literal));
  if (isLocal && !rules.allowLoopback)
    return 'That is an address within our own network. Enter a public one.';
  if (literal !== null && !isAllowedAddress(literal, rules)) {
    return 'That is a private address, which we cannot reach. Enter a public one.';
  }
  if (url.protocol === 'http:' && !rules.allowHttp && !isLocal)
    return 'The address must begin with https://.';
  return null;
}

function isLoopback(address: string): boolean {
  return ipaddr.parse(address).range() === 'loopback';
}
