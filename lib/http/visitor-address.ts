import { isIP } from 'node:net';
import { env } from '@/lib/env';

// The longest IPv6 address with a zone and a port; it becomes a key and a column.
const maxAddressLength = 80;

/**
 * The visitor's address, as the proxy nearest to us saw it; what stands before it in the header anybody may
 * have written.
 *
 * @param forwardedFor the request's X-Forwarded-For
 * @returns null without a proxy that is to be trusted
 */
export function readVisitorAddress(forwardedFor: string | null): string | null {
  if (!env.TRUST_PROXY || !forwardedFor) return null;
  const nearest = forwardedFor.slice(forwardedFor.lastIndexOf(',') + 1).trim();
  return readBareAddress(nearest).slice(0, maxAddressLength) || null;
}

/** An address without the port and the brackets that some proxies add, and without a zone. */
function readBareAddress(written: string): string {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(written)?.[1] ?? written.replace(/^([\d.]+):\d+$/, '$1');
  return bare.replace(/%.*$/, '');
}

/**
 * What of an address to count by: an IPv4 address, or the /64 of an IPv6 address, of which one visitor has
 * 2⁶⁴. Anything that is no address counts as it is, cut short.
 */
export function readNetwork(address: string | null): string | null {
  if (address === null) return null;
  const bare = readBareAddress(address);
  if (isIP(bare) !== 6) return bare.slice(0, 45);
  const [head = '', tail] = new URL(`http://[${bare}]/`).hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const end = tail === '' ? [] : tail.split(':');
    groups.push(...Array<string>(8 - groups.length - end.length).fill('0'), ...end);
  }
  // "::ffff:203.0.113.9" is an IPv4 address.
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') {
    const numbers = groups.slice(6).map((group) => parseInt(group, 16));
    return numbers.flatMap((number) => [number >> 8, number & 255]).join('.');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/**
 * The network around an address, which one visitor may have the whole of: the /24 of an IPv4 address, the /64
 * of an IPv6 address.
 */
export function readNeighbourhood(address: string | null): string | null {
  const network = readNetwork(address);
  if (network === null || isIP(network) !== 4) return network;
  return `${network.slice(0, network.lastIndexOf('.'))}.0/24`;
}
