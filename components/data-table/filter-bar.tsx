import { clsx } from 'clsx';
import { ArrowDownUp, ChevronDown, X } from 'lucide-react';
import { Button, getButtonClass } from '@/components/ui/button';
import { LatePart } from '@/components/ui/late';
import { Menu, MenuChoice, MenuGroup } from '@/components/ui/menu';
import { Popover } from '@/components/ui/popover';
import { describeDays } from './days';
import { describeChoice, toggleChoice, type ListFilter } from './filters';
import type { ListQuery } from './use-list-query';

const loadDaysPanel = () => import('./days-panel');

interface FilterBarProps {
  /** Parameters whose value does not exist. */
  ignored: readonly string[];
  filters: readonly ListFilter[];
  query: ListQuery;
  /** On phones, where the columns have no heads to press. */
  canSort: boolean;
}

/** What a list is narrowed to, each filter a button that says its value. */
export function FilterBar({ filters, ignored, query, canSort }: FilterBarProps) {
  const { values } = query;
  const readDay = (name: string) => (ignored.includes(name) ? null : values[name] || null);
  return (
    <div className="flex flex-wrap items-center gap-2 empty:hidden max-sm:order-last max-sm:w-full">
      {filters.map((filter) => {
        if (filter.kind === 'days') {
          const days = { from: readDay('from'), to: readDay('to') };
          const value = describeDays(days);
          return (
            <Popover
              key="days"
              label={filter.label}
              button={<FilterButton label={filter.label} value={value} />}
              buttonClassName={getFilterClass(value)}
            >
              {(close) => (
                <LatePart load={loadDaysPanel} room="h-72 w-72 max-w-full">
                  {({ DaysPanel }) => (
                    <DaysPanel
                      days={days}
                      timeZone={filter.timeZone}
                      onChoose={({ from, to }) => {
                        query.set({ from, to });
                        close();
                      }}
                    />
                  )}
                </LatePart>
              )}
            </Popover>
          );
        }
        const value = values[filter.name] ?? null;
        if (filter.kind === 'id') {
          return value === null || ignored.includes(filter.name) ? null : (
            <button
              key={filter.name}
              type="button"
              aria-label={`${filter.label}: show all again`}
              className={getFilterClass(value)}
              onClick={() => query.set({ [filter.name]: null })}
            >
              {filter.label}
              <X aria-hidden="true" className="-mr-0.5 size-3.5 shrink-0 opacity-70" />
            </button>
          );
        }
        const described = value && describeChoice(filter, value);
        return (
          <Menu
            key={filter.name}
            label={described ? `${filter.label}: ${described}` : filter.label}
            button={<FilterButton label={filter.label} value={described} />}
            buttonClassName={getFilterClass(described)}
          >
            <MenuGroup label={filter.label}>
              {filter.options.map((option) => (
                <MenuChoice
                  key={option.value}
                  kind={filter.kind === 'one' ? 'radio' : 'checkbox'}
                  checked={value?.split(',').includes(option.value) ?? false}
                  onSelect={() => query.set({ [filter.name]: toggleChoice(filter, value, option.value) })}
                >
                  {option.label}
                </MenuChoice>
              ))}
            </MenuGroup>
          </Menu>
        );
      })}
      {canSort && (
        <button
          type="button"
          aria-label={query.sort === 'newest' ? 'Newest first' : 'Oldest first'}
          className={clsx(getFilterClass(query.sort === 'newest' ? null : 'oldest'), 'sm:hidden')}
          onClick={() => query.set({ sort: query.sort === 'newest' ? 'oldest' : null })}
        >
          <ArrowDownUp aria-hidden="true" className="size-4" />
        </button>
      )}
      {query.isFiltered && (
        <Button size="small" variant="quiet" className="max-sm:h-10" onClick={() => query.clear()}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

function getFilterClass(value: string | null): string {
  return clsx(
    getButtonClass({ size: 'small', variant: value ? 'chosen' : 'secondary' }),
    'max-w-full max-sm:h-10 max-sm:px-2',
  );
}

function FilterButton({ label, value }: { label: string; value: string | null }) {
  return (
    <>
      <span className={clsx('min-w-0 truncate sm:max-w-56', !value && 'font-normal')}>
        {label}
        {value && <span className="font-semibold">: {value}</span>}
      </span>
      <ChevronDown aria-hidden="true" className="-mr-0.5 size-3.5 shrink-0 opacity-70" />
    </>
  );
}
