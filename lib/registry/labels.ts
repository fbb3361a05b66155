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
