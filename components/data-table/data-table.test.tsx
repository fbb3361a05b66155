import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime';
import {
  PathnameContext,
  SearchParamsContext,
} from 'next/dist/shared/lib/hooks-client-context.shared-runtime';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Badge } from '@/components/ui/badge';
import type { ColumnView, ListView } from '@/lib/lists/schema';
import type { LooksOf } from './compose-columns';
import { DataTable } from './data-table';
import { DataTableSkeleton } from './data-table-skeleton';
import { RowLink } from './row-link';

interface Row {
  id: string;
  msisdn: string;
  text: string;
  createdAt: string;
}

const plain = { words: null, canHide: true, isOrder: false };
const columns: ColumnView[] = [
  { ...plain, id: 'number', label: 'Number', type: 'number', field: 'msisdn', canHide: false },
  { ...plain, id: 'reply', label: 'Reply', type: 'text', field: 'text' },
  { ...plain, id: 'sender', label: 'Sender number', type: 'number', field: 'msisdn' },
  { ...plain, id: 'when', label: 'When', type: 'time', field: 'createdAt', isOrder: true },
  { ...plain, id: 'state', label: 'State', type: null, field: 'state', canHide: false },
  { ...plain, id: 'why', label: 'Why', type: null, field: 'why', canHide: false },
];
const list: ListView<Row, 'number' | 'reply' | 'sender' | 'when', 'state' | 'why'> = {
  name: 'notes',
  label: 'Notes',
  search: { label: 'Search', placeholder: 'Number' },
  columns,
  filters: [],
  hasDays: true,
  narrowing: ['q'],
  fileColumns: [],
};
const looks: LooksOf<typeof list> = {
  state: { card: 'foot', cell: () => <Badge tone="good">Delivered</Badge> },
  why: {
    card: 'foot-aside',
    cell: ({ msisdn }) => (
      <RowLink href={`/why?number=${msisdn}`} className="subtle-link">
        Why?
      </RowLink>
    ),
  },
};

function render(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: String(index),
    msisdn: `2782${String(index).padStart(7, '0')}`,
    text: 'Stop',
    createdAt: '2026-11-22T08:00:00Z',
  }));
  const router = { push() {}, prefetch() {}, replace() {}, refresh() {}, back() {}, forward() {} };
  return renderToString(
    <AppRouterContext value={router as never}>
      <PathnameContext value="/notes">
        <SearchParamsContext value={new URLSearchParams('sort=oldest')}>
          <DataTable
            list={list}
            looks={looks}
            timeZone="Africa/Johannesburg"
            page={{ rows, newer: null, older: null }}
            hiddenColumns={['sender']}
            empty="Nothing"
            detail={{ title: ({ msisdn }) => msisdn, render: () => null }}
            selection={() => null}
          />
        </SearchParamsContext>
      </PathnameContext>
    </AppRouterContext>,
  );
}

const countClassNames = (html: string) =>
  [...html.matchAll(/ class="([^"]*)"/g)].reduce((sum, [, names = '']) => sum + names.length, 0);

test('a row says what it holds, without the column that is hidden', () => {
  const html = render(1);
  const cells = [...html.matchAll(/<td role="cell" class="([^"]*)">(.*?)<\/td>/g)];
  expect(cells.map(([, , shown = '']) => shown.replace(/<[^>]*>/g, '').replaceAll('\u00a0', ' '))).toEqual([
    '',
    '+27 82 000 0000',
    'Stop',
    '22 Nov 2026 10:00',
    'Delivered',
    'Why?',
    '',
  ]);
  expect(html).toContain('aria-sort="ascending"');
  expect(html).toContain('aria-label="Select 27820000000"');
});

test('a row more is a kilobyte more at most, and less than a quarter of it are class names', () => {
  const [one, fifty] = [render(1), render(50)];
  const each = (fifty.length - one.length) / 49;
  expect(each).toBeGreaterThan(300);
  expect(each).toBeLessThan(1_000);
  expect((countClassNames(fifty) - countClassNames(one)) / 49 / each).toBeLessThan(0.25);
});

test('rows that are not there yet take as much as one', () => {
  const html = renderToString(<DataTableSkeleton list={list} looks={looks} canSelect />);
  expect(html.match(/<tr/g)).toHaveLength(2);
  for (const { label } of columns) expect(html).toContain(label);
});
