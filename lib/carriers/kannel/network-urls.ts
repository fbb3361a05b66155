import type { NetworkSettings } from './configuration';

type Networks = { ok: true; networks: NetworkSettings[] } | { ok: false; problem: string };

/**
 * The networks that KANNEL_SMSC_URL names: one address or several, with spaces between,
 * `smpp://user:password@smsc.example:2775?system-type=vas&throughput=50#name`. What an address may not hold
 * is percent-encoded. The name is needed where there are several.
 */
export function readNetworkUrls(text: string): Networks {
  const networks: NetworkSettings[] = [];
  for (const [index, address] of text.trim().split(/\s+/).entries()) {
    const network = readNetworkUrl(address, index);
    if (typeof network === 'string') return { ok: false, problem: `KANNEL_SMSC_URL: ${network}` };
    networks.push(network);
  }
  const ids = new Set(networks.map(({ id }) => id));
  return ids.size === networks.length
    ? { ok: true, networks }
    : {
        ok: false,
        problem: 'KANNEL_SMSC_URL: each of several networks needs a name of its own, as #name at its end.',
      };
}

// The address is not repeated in a complaint: there is a password in it.
function readNetworkUrl(address: string, index: number): NetworkSettings | string {
  const which = `address ${index + 1}`;
  if (!URL.canParse(address)) return `${which} is not like smpp://user:password@smsc.example:2775.`;
  const url = new URL(address);
  if (url.protocol !== 'smpp:' || url.hostname === '' || url.port === '' || url.username === '')
    return `${which} is not like smpp://user:password@smsc.example:2775.`;
  const id = url.hash === '' ? 'network' : url.hash.slice(1);
  if (!/^[a-z0-9-]{1,20}$/.test(id)) return `the name of ${which} has other than a to z, 0 to 9 and "-".`;
  const unknown = [...url.searchParams.keys()].find((name) => !['system-type', 'throughput'].includes(name));
  if (unknown !== undefined)
    return `${which} has "${unknown}"; system-type and throughput are what it may have.`;
  const throughput = url.searchParams.get('throughput');
  if (throughput !== null && !/^[1-9]\d{0,4}$/.test(throughput))
    return `the throughput of ${which} is not a whole number of messages a second.`;
  return {
    kind: 'smpp',
    id,
    host: url.hostname,
    port: Number(url.port),
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    systemType: url.searchParams.get('system-type') ?? '',
    ...(throughput === null ? {} : { perSecond: Number(throughput) }),
  };
}
