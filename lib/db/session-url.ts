/**
 * A database's address with the session set to UTC, whatever the server, the database or the role prefers.
 * Prisma's adapter writes a time without its zone and means UTC: a session in Johannesburg would take it for
 * two hours earlier. Every pool and every connection of the program is opened with it; lint holds this.
 *
 * It goes with the connection's first message, so that it costs no statement; after what the address itself
 * may ask for in `options`, which stays.
 */
export function sessionUrl(url: string): string {
  const address = new URL(url);
  const options = address.searchParams.get('options');
  address.searchParams.set('options', [options, '-c TimeZone=UTC'].filter(Boolean).join(' '));
  return address.href;
}
