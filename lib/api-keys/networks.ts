import { BlockList, isIP } from 'node:net';

/**
 * Reads a list of addresses and networks as people type it: "196.25.1.0/24, 2001:db8::/32", one in a line or
 * with commas.
 *
 * @returns what could not be read is the problem
 */
export function readNetworks(
  typed: string,
): { ok: true; networks: string[] } | { ok: false; problem: string } {
  const networks = [...new Set(typed.split(/[\s,;]+/).filter((one) => one !== ''))];
  const wrong = networks.find((one) => parseNetwork(one) === null);
  return wrong === undefined ? { ok: true, networks } : { ok: false, problem: wrong };
}

/** Whether an address is one of these, or in one of these networks. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const one of networks) {
    const network = parseNetwork(one);
    if (network) list.addSubnet(network.address, network.bits, network.family);
  }
  const family = isIP(address);
  // An IPv4 address may come as "::ffff:203.0.113.9"; BlockList sees that it is one.
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function parseNetwork(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | null {
  const match = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text);
  const address = match?.[1] ?? '';
  const version = isIP(address);
  if (version === 0) return null;
  const most = version === 6 ? 128 : 32;
  const bits = match?.[2] === undefined ? most : Number(match[2]);
  return bits <= most ? { address, bits, family: version === 6 ? 'ipv6' : 'ipv4' } : null;
}
