import { useState, useSyncExternalStore } from 'react';
import {
  constructTable,
  type CoreFeatures,
  type RowData,
  type Table,
  type TableOptions,
} from '@tanstack/react-table';
import { features } from './column';

type ListTable<Row extends RowData> = Table<typeof features, Row>;
type ListTableOptions<Row extends RowData> = Omit<TableOptions<typeof features, Row>, 'features'>;

/**
 * TanStack Table for what is rendered here: drawn anew as a whole when one of its few states changes. Its own
 * `useTable` can follow each state by itself, for which every page was fetched with a store of atoms, a
 * scheduler for them and a stand-in for a hook that React has.
 */
export function useListTable<Row extends RowData>(options: ListTableOptions<Row>): ListTable<Row> {
  const [{ table, subscribe, getVersion }] = useState(() => createListTable(options));
  useSyncExternalStore(subscribe, getVersion, getVersion);
  // As its own hook does: rows and columns are those of this render.
  table.setOptions((current) => ({ ...current, ...options }));
  return table;
}

function createListTable<Row extends RowData>(options: ListTableOptions<Row>) {
  const listeners = new Set<() => void>();
  let version = 0;
  const noSubscription = () => ({ unsubscribe: () => undefined });
  const bindings = {
    createOptionsStore: false,
    wrapExternalAtoms: false,
    createWritableAtom: <Value>(value: Value) => ({
      get: () => value,
      set(next: Value | ((current: Value) => Value)) {
        value = typeof next === 'function' ? (next as (current: Value) => Value)(value) : next;
        version++;
        for (const listener of listeners) listener();
      },
      subscribe: noSubscription,
    }),
    // What is derived is derived when it is read; the table keeps what is costly.
    createReadonlyAtom: <Value>(get: () => Value) => ({ get, subscribe: noSubscription }),
    untrack: <Value>(read: () => Value) => read(),
    batch: (act: () => void) => act(),
    schedule: queueMicrotask,
    addSubscription: () => undefined,
  } as unknown as CoreFeatures['coreReactivityFeature'];
  return {
    table: constructTable<typeof features, Row>({
      ...options,
      features: { ...features, coreReactivityFeature: bindings } as typeof features,
    }),
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getVersion: () => version,
  };
}
