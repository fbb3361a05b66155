import { Callout } from '@/components/ui/callout';
import { Button } from '@/components/ui/button';
import type { ListFilter } from './filters';
import type { ListQuery } from './use-list-query';

const ownLabels: Record<string, string> = {
  q: 'search',
  cursor: 'page',
  sort: 'order',
  from: 'first day',
  to: 'last day',
};

interface IgnoredNoticeProps {
  /** Parameters of the address whose value does not exist. */
  names: readonly string[];
  filters: readonly ListFilter[];
  query: ListQuery;
}

/**
 * Says that the list is not what the address asked for: better than to show another list as if it were that
 * one.
 */
export function IgnoredNotice({ names, filters, query }: IgnoredNoticeProps) {
  const labels = names.map((name) => {
    const filter = filters.find((candidate) => candidate.kind !== 'days' && candidate.name === name);
    return filter ? `“${filter.label}”` : (ownLabels[name] ?? `“${name}”`);
  });
  const said = new Intl.ListFormat('en-GB').format(labels);
  return (
    <div className="border-b border-line p-3">
      <Callout tone="warn">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <span>The address has a value that does not exist ({said}). The list is shown without it.</span>
          <Button
            size="small"
            onClick={() => query.set(Object.fromEntries(names.map((name) => [name, null])))}
          >
            Tidy up the address
          </Button>
        </div>
      </Callout>
    </div>
  );
}
