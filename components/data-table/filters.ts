import type { FilterView, ListView } from '@/lib/lists/schema';

/** A way to narrow a list. Its value lives in the URL, under its name; days under `from` and `to`. */
export type ListFilter =
  | FilterView
  | {
      kind: 'days';
      label: string;
      /** Whose days: the account's. */
      timeZone: string;
    };

type ChoiceFilter = Extract<ListFilter, { kind: 'one' | 'several' }>;

/** The filters of a list, as declared; the days are those of a time zone. */
export function composeFilters({ filters, hasDays }: ListView, timeZone: string): ListFilter[] {
  return hasDays ? [...filters, { kind: 'days', label: 'Date', timeZone }] : [...filters];
}

/** The parameters that a filter writes. */
export function getParameters(filter: ListFilter): readonly string[] {
  return filter.kind === 'days' ? ['from', 'to'] : [filter.name];
}

/** The labels of the options that `value`, as the URL has it, names. */
export function describeChoice(filter: ChoiceFilter, value: string): string {
  const chosen = value.split(',');
  return filter.options
    .filter((option) => chosen.includes(option.value))
    .map((option) => option.label)
    .join(', ');
}

/** The value after one option was pressed: null when nothing is chosen any more. */
export function toggleChoice(filter: ChoiceFilter, value: string | null, option: string): string | null {
  const chosen = value?.split(',') ?? [];
  if (filter.kind === 'one') return chosen.includes(option) ? null : option;
  const next = filter.options
    .map((candidate) => candidate.value)
    .filter((candidate) => chosen.includes(candidate) !== (candidate === option));
  return next.length > 0 ? next.join(',') : null;
}
