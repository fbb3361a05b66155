/** Which carrier takes the numbers that begin so. */
export interface Route {
  /** Digits of an MSISDN; empty: every number. */
  prefix: string;
  carrier: string;
  /** The lowest of a prefix goes first; the others take over when it cannot. */
  priority: number;
  /** The share among those of the same prefix and priority. */
  weight: number;
}

/**
 * What of the numbers is one carrier's: those from `fromNumber` up to, and without, `belowNumber`, and of
 * these the messages whose share lies in between.
 */
export interface RoutePart {
  fromNumber: string;
  belowNumber: string;
  fromShare: number;
  belowShare: number;
}

/** Messages are dealt out to so many shares. */
export const shareCount = 1000;
// Near the golden ratio of the shares, so that any few messages with ids in a row are dealt out evenly.
const shareStep = 617;

/** SQL of the share of a message, from 0 to below {@link shareCount}. */
export function shareSql(id: string): string {
  return `((${id} % ${shareCount}) * ${shareStep} % ${shareCount})`;
}

/** Greater than every number. */
const beyondNumbers = ':';

/**
 * The parts of each carrier: together they are every number that has a route, each message exactly once. The
 * longest prefix decides; where none of its carriers can take it, the next longest does.
 *
 * @param usable the carriers that can take messages now
 */
export function divideRoutes(
  routes: readonly Route[],
  usable: ReadonlySet<string>,
): Map<string, RoutePart[]> {
  const parts = new Map<string, RoutePart[]>();
  const open = routes.filter(({ carrier }) => usable.has(carrier));
  // Between two edges the same prefixes apply to every number.
  const edges = [...new Set(open.flatMap(({ prefix }) => [prefix, endOf(prefix)]))].sort(compare);
  for (const [index, fromNumber] of edges.entries()) {
    const belowNumber = edges[index + 1];
    if (belowNumber === undefined) break;
    for (const { carrier, fromShare, belowShare } of chooseCarriers(open, fromNumber)) {
      const own = parts.get(carrier) ?? [];
      const last = own.at(-1);
      const continues =
        last?.belowNumber === fromNumber && last.fromShare === fromShare && last.belowShare === belowShare;
      if (continues) last.belowNumber = belowNumber;
      else own.push({ fromNumber, belowNumber, fromShare, belowShare });
      parts.set(carrier, own);
    }
  }
  return parts;
}

/** Whether the parts are every message, so that there is nothing to look for in each. */
export function areAll(parts: readonly RoutePart[]): boolean {
  const [part] = parts;
  return (
    parts.length === 1 &&
    part?.fromNumber === '' &&
    part.belowNumber === beyondNumbers &&
    part.fromShare === 0 &&
    part.belowShare === shareCount
  );
}

/** The carriers of the numbers from an edge on, with their shares. */
function chooseCarriers(open: readonly Route[], edge: string) {
  const candidates = open.filter(({ prefix }) => prefix <= edge && edge < endOf(prefix));
  const length = Math.max(...candidates.map(({ prefix }) => prefix.length));
  const longest = candidates.filter(({ prefix }) => prefix.length === length);
  const first = Math.min(...longest.map(({ priority }) => priority));
  const chosen = longest
    .filter(({ priority }) => priority === first)
    .sort((one, other) => compare(one.carrier, other.carrier));
  const total = chosen.reduce((sum, { weight }) => sum + weight, 0);
  let dealt = 0;
  return chosen.flatMap(({ carrier, weight }) => {
    const fromShare = Math.round((dealt / total) * shareCount);
    dealt += weight;
    const belowShare = Math.round((dealt / total) * shareCount);
    return fromShare < belowShare ? [{ carrier, fromShare, belowShare }] : [];
  });
}

/** The first text behind all numbers that begin so. */
function endOf(prefix: string): string {
  // ":" comes behind "9"
  return prefix === ''
    ? beyondNumbers
    : prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}

/** By bytes, as the database compares numbers. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/**
 * Numbers that no carrier takes now, by the prefix they begin with: for a warning. Empty when every number
 * has one.
 */
export function listUncovered(routes: readonly Route[], usable: ReadonlySet<string>): string[] {
  const covered = [...divideRoutes(routes, usable).values()].flat();
  const hasCarrier = (number: string) =>
    covered.some(({ fromNumber, belowNumber }) => fromNumber <= number && number < belowNumber);
  // Of each prefix of a route one number that no longer one of them begins.
  const missing = [...new Set(routes.map(({ prefix }) => prefix))].filter((prefix) => !hasCarrier(prefix));
  return routes.some(({ prefix }) => prefix === '') ? missing : ['', ...missing];
}
