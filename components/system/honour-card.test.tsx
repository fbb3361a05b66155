import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { formatCount } from '@/components/ui/format-count';
import { HonourCard } from './honour-card';

test('shows how long opt-outs took, of the last hour and the last day', () => {
  const page = renderToStaticMarkup(
    <HonourCard
      times={{
        lastHour: { replies: 0, p50Ms: null, p99Ms: null, p999Ms: null },
        lastDay: { replies: 12_345, p50Ms: 39, p99Ms: 1448, p999Ms: 200_000 },
      }}
    />,
  );
  const rows = page
    .split('<tr')
    .slice(1)
    .map((row) => [...row.matchAll(/<t[hd][^>]*>([^<]*)</g)].map(([, cell]) => cell));
  expect(rows).toEqual([
    ['Time', 'Opt-outs', 'Half within', '99 of 100', '999 of 1,000'],
    ['Last hour', '0', '–', '–', '–'],
    ['Last 24 hours', formatCount(12_345), '0.04 s', '1.5 s', '4 min'],
  ]);
});
