import { typed } from '@/lib/db/sql-types';
import { columnsOf } from '@/lib/db/statement';
import type { AnswerProblem } from './schema';

export const importColumns = {
  ...columnsOf(
    'RegistryImport',
    'id',
    'state',
    'marketerId',
    'name',
    'source',
    'lines',
    'numbers',
    'invalid',
    'duplicates',
    'comes',
    'goes',
    'processed',
    'added',
    'lifted',
    'reason',
    'createdAt',
    'finishedAt',
  ),
  problems: typed<AnswerProblem[]>('jsonb'),
  answeredOn: 'text',
  sameAs: 'text?',
  createdBy: 'User.name?',
} as const;

/** @param where SQL of which, and in which order */
export const importsSql = (where: string) => `
  select registry_import.id, state, marketer_id as "marketerId", registry_import.name, source, lines, numbers, invalid,
    duplicates, comes, goes, processed, added, lifted, reason, registry_import.created_at as "createdAt",
    finished_at as "finishedAt", problems, answered_on::text as "answeredOn", (
      select max(same.answered_on)::text from registry_import as same
      where same.marketer_id = registry_import.marketer_id and same.file_hash = registry_import.file_hash
        and same.id < registry_import.id and same.state = 'DONE'
    ) as "sameAs", portal_user.name as "createdBy"
  from registry_import left join portal_user on portal_user.id = created_by
  ${where}`;
