import type { Pool } from 'pg';
import type { Readable } from 'node:stream';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { statement } from '@/lib/db/statement';
import { writeXlsx } from '@/lib/lists/xlsx';
import { describeMarketer } from '@/lib/registry/labels';
import { readAllRegistryRecords } from '@/lib/registry/queries';
import { keptReasons, type PersonFinding } from './schema';

const columns = [
  { label: 'Account', type: 'words' },
  { label: 'What', type: 'words' },
  { label: 'When', type: 'words' },
  { label: 'Text', type: 'text' },
  { label: 'Details', type: 'text' },
] as const;

const atOnce = 500;

/** The rows of a table that are about a number of an account, the oldest first, after an id. */
function readRows(table: string, at: string, text: string, details: string) {
  return statement({
    name: `export-${table.replaceAll('_', '-')}-of-person`,
    values: { accountId: 'int4', msisdn: 'text', after: 'int8', limit: 'int8' },
    columns: { id: 'int8', at: 'timestamptz', text: 'text', details: 'text' },
    sql: ($) => `
      select id, ${at} as at, coalesce(${text}, '') as text, coalesce(${details}, '') as details from ${table}
      where account_id = ${$.accountId} and msisdn = ${$.msisdn} and id > ${$.after} order by id limit ${$.limit}`,
  });
}

const sections = [
  {
    what: 'Message',
    rows: readRows('message', 'created_at', 'text', `concat_ws(', ', status::text, sender_number, reason)`),
  },
  {
    what: 'Reply',
    rows: readRows('reply', 'received_at', 'text', `concat_ws(', ', verdict::text, rule, sender_number)`),
  },
  {
    what: 'Opt-out',
    rows: readRows('opt_out', 'created_at', 'reply_text', `concat_ws(', ', kind::text, rule)`),
  },
  {
    what: 'Event of an opt-out',
    rows: readRows(
      'opt_out_event',
      'created_at',
      `evidence ->> 'text'`,
      `concat_ws(', ', kind::text, reason)`,
    ),
  },
  {
    what: 'Consent to marketing',
    rows: readRows(
      'consent_event',
      'created_at',
      `evidence ->> 'wording'`,
      `concat_ws(', ', kind::text, evidence ->> 'source', evidence ->> 'givenAt', evidence ->> 'url', evidence ->> 'fileName')`,
    ),
  },
  {
    what: 'Removal request',
    rows: readRows(
      'removal_request',
      'created_at',
      'permission_text',
      `concat_ws(', ', state::text, permission_address, decision_reason)`,
    ),
  },
];

const unowned = statement({
  name: 'export-unowned-replies-of-person',
  values: { msisdn: 'text' },
  columns: { at: 'timestamptz', text: 'text', details: 'text' },
  sql: ($) => `select received_at as at, text, concat_ws(', ', state::text, sender_number) as details
    from unowned_reply where msisdn = ${$.msisdn} order by id`,
});

const setAside = statement({
  name: 'export-set-aside-replies-of-person',
  values: { msisdn: 'text' },
  columns: { at: 'timestamptz', text: 'text', details: 'text' },
  sql: (
    $,
  ) => `select received_at as at, coalesce(text, '') as text, concat_ws(', ', fault, sender_number) as details
    from set_aside_reply where msisdn = ${$.msisdn} order by id`,
});

/**
 * All there is of a number as a workbook, read and written a part at a time; what is kept, and why, stands
 * first.
 */
export function writePersonXlsx(pool: Pool, person: PersonFinding): Readable {
  return writeXlsx(composeRows(pool, person), { sheetName: 'One person', columns });
}

async function* composeRows(pool: Pool, { msisdn, accounts, isOwnNumber, hold }: PersonFinding) {
  yield [
    ['', 'Number', '', msisdn, hold ? keptReasons.hold : ''],
    ...(isOwnNumber ? [['', 'Sign-in', '', '', 'A user or a trial account has it as its own number.']] : []),
    ...accounts.flatMap(({ accountId, kept, mentions }) => [
      ...kept.map((reason) => [
        formatAccountNumber(accountId),
        'Kept when erased',
        '',
        '',
        keptReasons[reason],
      ]),
      ...(mentions > 0
        ? [
            [
              formatAccountNumber(accountId),
              'Mentioned',
              '',
              '',
              `${mentions} notices, e-mails, lists or entries of logs name the number.`,
            ],
          ]
        : []),
    ]),
  ];
  for (const { accountId } of accounts) {
    for (const { what, rows } of sections) {
      for (let after = '0'; ;) {
        const read = await rows.all(pool, { accountId, msisdn, after, limit: atOnce });
        const toRow = ({ at, text, details }: (typeof read)[number]) => [
          formatAccountNumber(accountId),
          what,
          at.toISOString(),
          text,
          details,
        ];
        if (read.length > 0) yield read.map(toRow);
        const last = read.at(-1);
        if (!last || read.length < atOnce) break;
        after = last.id;
      }
    }
  }
  for (const [what, rows] of [
    ['Reply without an owner', unowned],
    ['Reply that could not be recorded', setAside],
  ] as const) {
    const read = await rows.all(pool, { msisdn });
    if (read.length > 0)
      yield read.map(({ at, text, details }) => ['', what, at.toISOString(), text, details]);
  }
  // kept when the person is erased: it is what blocks marketing to them
  const registry = await readAllRegistryRecords(pool, msisdn);
  if (registry.length > 0) {
    yield registry.map(({ marketerId, source, answeredOn, listedAt, liftedAt }) => [
      '',
      'National opt-out registry',
      listedAt,
      '',
      `${describeMarketer(marketerId)}, ${source}, answer of ${answeredOn}${liftedAt === null ? '' : `, lifted ${liftedAt}`}`,
    ]);
  }
}
