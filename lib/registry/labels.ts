import { wholeIndustry, type RegistryImportState } from './schema';

/** The words for how far an answer file has come. */
export const importStateLabels: Record<RegistryImportState, string> = {
  WAITING: 'To be looked at',
  QUEUED: 'Queued',
  RUNNING: 'Being put in force',
  DONE: 'In force',
  DISCARDED: 'Discarded',
  FAILED: 'Failed',
};

/** Whose marketing an entry blocks, in words. */
export function describeMarketer(marketerId: number): string {
  return marketerId === wholeIndustry ? 'Whole industry' : `W${marketerId} alone`;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A day as lists have it: "29 Nov 2026" of "2026-11-29". */
export function formatDay(isoDay: string): string {
  const [year, month, day] = isoDay.split('-');
  return `${Number(day)} ${months[Number(month) - 1]} ${year}`;
}
