import type { Pool } from 'pg';
import { createAccount, nextMsisdn } from './factories';
import { waitUntil } from './poll';
import { encodeGsm, encodeUcs2, type PhoneReply, type SmppNetwork } from './smpp-network';

const header = (text: string) => Buffer.from(text, 'hex');
interface Case {
  what: string;
  reply: Omit<PhoneReply, 'from' | 'to'>;
  text: string;
  verdict: 'OPT_OUT' | 'REVIEW' | 'NONE';
  /** How the network writes who it came from; the whole number unless told. */
  writeFrom?: (msisdn: string) => string;
  isKeptAsBytes?: boolean;
}
const cases: Case[] = [
  { what: 'GSM', reply: { octets: encodeGsm('Stop') }, text: 'Stop', verdict: 'OPT_OUT' },
  {
    what: 'GSM with its extension',
    reply: { octets: encodeGsm('{né@€}') },
    text: '{né@€}',
    verdict: 'NONE',
  },
  {
    what: 'a national single shift table',
    reply: { header: header('03240101'), octets: encodeGsm('Stop') },
    text: 'Stop',
    verdict: 'OPT_OUT',
  },
  {
    what: 'Latin-1',
    reply: { coding: 3, octets: Buffer.from('Café fermé', 'latin1') },
    text: 'Café fermé',
    verdict: 'NONE',
  },
  {
    what: 'Latin-1 that says it is IA5',
    reply: { coding: 1, octets: Buffer.from('Café noir', 'latin1') },
    text: 'Café noir',
    verdict: 'NONE',
    isKeptAsBytes: true,
  },
  { what: 'UCS-2', reply: { coding: 8, octets: encodeUcs2('停止 😀') }, text: '停止 😀', verdict: 'NONE' },
  {
    what: 'Stop in UCS-2',
    reply: { coding: 8, octets: encodeUcs2('Stop') },
    text: 'Stop',
    verdict: 'OPT_OUT',
  },
  { what: 'bytes', reply: { coding: 4, octets: Buffer.from('Stop') }, text: 'Stop', verdict: 'OPT_OUT' },
  {
    what: 'an unknown coding',
    reply: { coding: 245, octets: Buffer.from('Hello') },
    text: 'Hello',
    verdict: 'NONE',
  },
  { what: 'nothing', reply: { octets: Buffer.alloc(0) }, text: '', verdict: 'NONE' },
  {
    what: 'white space, line breaks and signs of addresses',
    reply: { octets: encodeGsm('  Stop\r\n ') },
    text: '  Stop\r\n ',
    verdict: 'OPT_OUT',
  },
  {
    what: 'signs that mean something in an address',
    reply: { octets: encodeGsm('50% + 1 & more = ?#%41') },
    text: '50% + 1 & more = ?#%41',
    verdict: 'NONE',
  },
  {
    what: 'a national number',
    reply: { octets: encodeGsm('Stop') },
    text: 'Stop',
    verdict: 'OPT_OUT',
    writeFrom: (msisdn) => `0${msisdn.slice(2)}`,
  },
  {
    what: 'one part alone',
    reply: { header: header('0500031f0201'), octets: encodeGsm('Stop') },
    text: 'Stop',
    verdict: 'REVIEW',
  },
];

/** One reply as its account has it. */
type Form = [what: string, text: string | undefined, verdict: string | undefined, isKeptAsBytes: boolean];

/**
 * Lets phones write replies of every coding and form, and waits until all are recorded, by whichever way
 * Kannel hands them over.
 *
 * @returns how each was written and how it arrived, and whom these block
 */
export async function writeEveryForm({ pool, network }: { pool: Pool; network: SmppNetwork }): Promise<{
  written: Form[];
  arrived: Form[];
  wantNoMore: string[];
  blocked: string[];
}> {
  const account = await createAccount(pool);
  const to = account.senderNumber as string;
  const given = cases.map((one) => ({ ...one, msisdn: nextMsisdn() }));
  const notified = nextMsisdn();
  await network.deliver([
    ...given.map(({ reply, msisdn, writeFrom }) => ({ ...reply, from: writeFrom?.(msisdn) ?? msisdn, to })),
    // A receipt that the network sends as if a person had written it.
    {
      from: notified,
      to,
      octets: Buffer.from(
        'id:99 sub:001 dlvrd:001 submit date:2611290900 done date:2611290900 stat:DELIVRD err:000 text:Stop',
      ),
    },
  ]);
  const read = async () => {
    const { rows } = await pool.query<{ msisdn: string; text: string; verdict: string; raw: Buffer | null }>(
      `select msisdn, text, verdict, raw from reply where account_id = $1 and msisdn <> $2`,
      [account.id, notified],
    );
    return new Map(rows.map((row) => [row.msisdn, row]));
  };
  await waitUntil('all are there', async () => (await read()).size >= cases.length);
  const found = await read();
  const { rows: optOuts } = await pool.query<{ msisdn: string }>(
    'select msisdn from opt_out where account_id = $1',
    [account.id],
  );
  return {
    written: given.map(({ what, text, verdict, isKeptAsBytes }) => [
      what,
      text,
      verdict,
      isKeptAsBytes ?? false,
    ]),
    arrived: given.map(({ what, msisdn }) => {
      const row = found.get(msisdn);
      return [what, row?.text, row?.verdict, (row?.raw ?? null) !== null];
    }),
    wantNoMore: given
      .filter(({ verdict }) => verdict === 'OPT_OUT')
      .map(({ msisdn }) => msisdn)
      .sort(),
    blocked: optOuts.map(({ msisdn }) => msisdn).sort(),
  };
}
