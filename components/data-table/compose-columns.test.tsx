import { renderToStaticMarkup } from 'react-dom/server';
import type { ReactNode } from 'react';
import { describe, expect, test } from 'vitest';
import type { ColumnView, ListView } from '@/lib/lists/schema';
import { composeColumns, type LooksOf } from './compose-columns';

interface Row {
  id: string;
  msisdn: string;
  status: 'SENT' | 'FAILED';
  carrierId: string | null;
  cost: number;
  createdAt: string;
}

const plain = { words: null, canHide: true, isOrder: false };
const columns: ColumnView[] = [
  { ...plain, id: 'number', label: 'Number', type: 'number', field: 'msisdn', canHide: false },
  {
    ...plain,
    id: 'status',
    label: 'Status',
    type: 'words',
    field: 'status',
    words: { SENT: 'Sent', FAILED: 'Failed' },
  },
  { ...plain, id: 'carrier', label: 'Carrier id', type: 'text', field: 'carrierId' },
  { ...plain, id: 'credits', label: 'Credits', type: 'integer', field: 'cost' },
  { ...plain, id: 'when', label: 'When', type: 'time', field: 'createdAt', isOrder: true },
  { ...plain, id: 'undo', label: 'Undo', type: null, field: 'undo', canHide: false },
];
type Ids = 'number' | 'status' | 'carrier' | 'credits' | 'when';
const list: ListView<Row, Ids, 'undo'> = {
  name: 'notes',
  label: 'Notes',
  search: null,
  columns,
  filters: [],
  hasDays: true,
  narrowing: ['q'],
  fileColumns: [],
};
const row: Row = {
  id: '1',
  msisdn: '27821234567',
  status: 'FAILED',
  carrierId: '<7>',
  cost: 0,
  createdAt: '2026-11-22T08:00:00Z',
};

function render(looks: LooksOf<typeof list>, of = row): Record<string, string> {
  const composed = composeColumns(list, looks, 'Africa/Johannesburg');
  return Object.fromEntries(
    composed.map(({ id, cell }) => {
      const shown = (cell as (context: object) => ReactNode)({ row: { original: of } });
      return [
        id,
        renderToStaticMarkup(<>{shown}</>)
          .replace(/<[^>]*>/g, '')
          .replaceAll('\u00a0', ' '),
      ];
    }),
  );
}

const undo = { cell: () => 'Undo' };

describe('the columns of a declared list', () => {
  test('show a value as its kind is shown, without a word about it in the table', () => {
    expect(render({ undo })).toEqual({
      number: '+27 82 123 4567',
      status: 'Failed',
      carrier: '&lt;7&gt;',
      credits: '0',
      when: '22 Nov 2026 10:00',
      undo: 'Undo',
    });
    expect(render({ undo }, { ...row, carrierId: null }).carrier).toBe('');
  });

  test('show it as the table says, where it says so', () => {
    const looks: LooksOf<typeof list> = { undo, status: { cell: ({ status, cost }) => `${status} ${cost}` } };
    expect(render(looks)).toMatchObject({ status: 'FAILED 0', credits: '0' });
  });

  test('have what was declared, and the look of their kind but for what the table changes', () => {
    const composed = composeColumns(list, { undo, carrier: { from: 'md' } }, 'UTC');
    const byId = Object.fromEntries(composed.map((column) => [column.id, column]));
    expect(byId.number).toMatchObject({ header: 'Number', enableHiding: false, meta: { card: 'title' } });
    expect(byId.carrier).toMatchObject({ enableHiding: true, meta: { from: 'md', width: 'w-44' } });
    expect(byId.credits).toMatchObject({ meta: { align: 'end' } });
    expect(byId.when).toMatchObject({ meta: { isOrder: true } });
  });

  test('need a look where they hold controls, and have none that is not declared', () => {
    // @ts-expect-error: nothing says what Undo is
    const without: LooksOf<typeof list> = {};
    // @ts-expect-error: there is no such column
    const beyond: LooksOf<typeof list> = { undo, network: {} };
    expect([render(without).undo, Object.keys(render(beyond))]).toEqual([
      '',
      [...columns.map(({ id }) => id)],
    ]);
  });
});
