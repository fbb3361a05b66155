import { describe, expect, test } from 'vitest';
import { mintAccountScope, mintStaffScope } from '@/lib/auth/scope';
import type { Message } from '@/lib/db/generated/client';
import { computeField, declareAccountList, declareColumns, declareStaffList } from './declare-list';

const scope = mintAccountScope(58324, { system: 'test' });
const timeZone = 'Africa/Johannesburg';
const words = { QUEUED: 'Queued', SENDING: 'Sending', SENT: 'Sent', DELIVERED: 'Delivered' } as const;
const statuses = {
  ...words,
  FAILED: 'Failed',
  BLOCKED: 'Blocked',
  CANCELLED: 'Cancelled',
  IN_DOUBT: 'In doubt',
  NO_RECEIPT: 'No receipt',
} as const;

const common = {
  name: 'notes',
  label: 'Notes',
  file: { name: 'notes', sheet: 'Notes' },
  from: 'message',
  at: 'created_at',
  search: { label: 'Search', placeholder: 'Number', text: 'text' },
} as const;

const list = declareAccountList<Message>()({
  ...common,
  columns: {
    createdAt: { id: 'when', label: 'When', type: 'time', table: { isOrder: true, order: 9 } },
    msisdn: { label: 'Number', type: 'number', table: { canHide: false } },
    text: { label: 'Text', type: 'text', shownSql: 'left(text, 10)' },
    status: { label: 'Status', type: 'words', words: statuses, file: { id: 'state', label: 'State' } },
    cost: { label: 'Credits', type: 'integer', table: false },
    reason: { label: 'Reason', type: 'text', isFileOnly: true },
    ownerName: {
      label: 'Owner',
      type: 'text',
      sql: '(select name from account)',
      isThere: true,
      file: false,
    },
  },
  fields: ['kind'],
  computed: { length: computeField<number | null>('length(text)', 'int4') },
  controls: { undo: { label: 'Undo', order: 1 } },
  filters: {
    statuses: {
      kind: 'several',
      name: 'status',
      label: 'Status',
      words: statuses,
      of: 'status',
      type: 'message_status',
      whenFew: Object.fromEntries(Object.keys(statuses).map((status) => [status, `is_${status}`])),
      branch: (values) => (values.length === 1 ? `only_${values[0]}` : null),
    },
    kind: {
      kind: 'one',
      name: 'kind',
      label: 'Kind',
      words: { NORMAL: 'Message', CONSENT: 'Question' },
      of: 'kind',
      type: 'message_kind',
      isIndexed: (values) => values.includes('NORMAL'),
      allWith: 'statuses',
    },
  },
});

describe('of one declaration', () => {
  test('the table has the columns that are shown, in their order, and the controls', () => {
    expect(list.view.columns.map(({ id, label, canHide }) => [id, label, canHide])).toEqual([
      ['msisdn', 'Number', false],
      ['text', 'Text', true],
      ['status', 'Status', true],
      ['ownerName', 'Owner', true],
      ['undo', 'Undo', false],
      ['when', 'When', true],
    ]);
    expect(list.view.columns.filter(({ isOrder }) => isOrder)).toMatchObject([{ field: 'createdAt' }]);
  });

  test('the file has its own, in the order they are declared in, with whole values and words', () => {
    expect(list.view.fileColumns).toEqual([
      { id: 'when', label: 'When' },
      { id: 'msisdn', label: 'Number' },
      { id: 'text', label: 'Text' },
      { id: 'state', label: 'State' },
      { id: 'cost', label: 'Credits' },
      { id: 'reason', label: 'Reason' },
    ]);
    const sql = Object.fromEntries(list.fileColumns.map((column) => [column.id, column.sql]));
    expect(sql).toMatchObject({ when: 'message.created_at', text: 'message.text' });
    expect(sql.state).toMatch(/^case message\.status when 'QUEUED' then 'Queued' /);
  });

  test('a row has the fields that pages know, and moments as texts', () => {
    expect(list.select.split(', ').map((part) => part.replace(/^.* as /, ''))).toEqual(
      expect.arrayContaining(['"id"', '"kind"', '"createdAt"', '"ownerName"', '"length"']),
    );
    expect(list.select).toContain('left(text, 10) as "text"');
    expect(list.select).not.toContain('reason');
    const stored = {
      id: '7',
      createdAt: new Date('2026-11-22T08:00:00Z'),
      cost: 2,
      length: null,
      cursor_id: '7',
    };
    expect(list.toRow(stored)).toMatchObject({ id: '7', createdAt: '2026-11-22T08:00:00.000Z', cost: 2 });
    expect(list.toRow(stored)).not.toHaveProperty('cursor_id');
  });

  test('the page is told of its filters, and the download what narrows it', () => {
    expect(list.view.filters).toMatchObject([
      { kind: 'several', name: 'status', label: 'Status' },
      { kind: 'one', name: 'kind', options: [{ value: 'NORMAL', label: 'Message' }, { value: 'CONSENT' }] },
    ]);
    expect(list.view.narrowing).toEqual(['q', 'status', 'kind', 'from', 'to']);
  });

  test('the address is read by its filters: what is not among them is named', () => {
    const { filter, ignored } = list.readFilter({ status: 'SENT,QUEUED', kind: 'NOTHING', q: 'x' });
    expect(filter).toMatchObject({ statuses: ['QUEUED', 'SENT'], kind: null, search: 'x', sort: 'newest' });
    expect(ignored).toEqual(['kind']);
  });

  test('the query is narrowed as the filters say, each by its index where it has one', () => {
    const describe = (params: Record<string, string>) =>
      list.describe(scope, list.readFilter(params).filter, timeZone);
    expect(describe({ kind: 'NORMAL' })).toMatchObject({
      range: ['message.account_id = $1'],
      branches: ['kind = $2::message_kind'],
      conditions: [],
      values: [58324, 'NORMAL'],
    });
    expect(describe({ kind: 'CONSENT' })).toMatchObject({
      branches: [],
      conditions: ['kind = $2::message_kind'],
    });
    // One status, and no kind: all kinds are asked for by name.
    expect(describe({ status: 'SENT' })).toMatchObject({
      conditions: ['status = $2::message_status', '(kind = $3::message_kind or kind = $4::message_kind)'],
      whenFew: ['is_SENT'],
      branches: ['only_SENT'],
    });
    // With a choice in another filter, what is asked of its index is narrowed by that as well.
    expect(describe({ status: 'SENT', kind: 'CONSENT' }).whenFew).toEqual([
      'is_SENT and status = $2::message_status and kind = $3::message_kind',
    ]);
    expect(describe({})).toMatchObject({ branches: [], conditions: [], whenFew: [] });
  });

  test('a file is not made of filters or columns that do not exist', () => {
    const prepare = (params: Record<string, string>) => list.prepareFile(params, scope, timeZone);
    expect(prepare({ status: 'SENT', columns: 'msisdn,when', cursor: 'anything' }).columns).toHaveLength(2);
    const telling = (text: string) =>
      expect.objectContaining({ userMessage: expect.stringContaining(text) as string }) as Error;
    expect(() => prepare({ status: 'NOTHING' })).toThrow(telling('status'));
    expect(() => prepare({ columns: 'id' })).toThrow(telling('msisdn'));
  });
});

test('the compiler finds a field that the table has not, a value without a word, and a list that is read by the wrong scope', () => {
  const declared = declareColumns<Message>()({
    name: 'x',
    label: 'X',
    from: 'message',
    search: null,
    columns: {
      msisdn: { label: 'Number', type: 'number' },
      // @ts-expect-error: neither a column of the table nor SQL
      number: { label: 'Number', type: 'number' },
      // @ts-expect-error: some values have no word
      status: { label: 'Status', type: 'words', words },
    },
  });
  expect(declared.view.columns).toHaveLength(3);
  const forStaff = declareStaffList<Message>()({ ...common, columns: {}, filters: {} });
  const filter = forStaff.readFilter({}).filter;
  // @ts-expect-error: a customer's scope
  expect(() => forStaff.describe(scope, filter, timeZone)).not.toThrow();
  // @ts-expect-error: would read the rows of all accounts
  expect(() => list.describe(mintStaffScope(1), list.readFilter({}).filter, timeZone)).not.toThrow();
});
