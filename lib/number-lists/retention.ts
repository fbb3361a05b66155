import type { Pool } from 'pg';
import { columnsOf, statement } from '@/lib/db/statement';
import { isAccountHeldSql } from '@/lib/platform/holds';
import { keptDays } from './schema';

/** Blocks: of a thousand lines each. */
const batchSize = 20;

const findOld = statement({
  name: 'find-old-lists',
  values: { days: 'int4' },
  columns: columnsOf('NumberList', 'accountId', 'id'),
  sql: ($) => `
    select account_id as "accountId", id from number_list
    where created_at < now() - make_interval(days => ${$.days}) and state not in ('QUEUED', 'RUNNING')
      and not ${isAccountHeldSql('number_list.account_id')}
      and not exists (
        select 1 from legal_hold join number_list_block on legal_hold.msisdn = any (number_list_block.msisdns)
        where lifted_at is null and number_list_block.account_id = number_list.account_id
          and number_list_block.list_id = number_list.id)`,
});

const deleteBlocks = statement({
  name: 'delete-list-blocks',
  values: { accountId: 'int4', id: 'int8', limit: 'int8' },
  sql: ($) => `
    delete from number_list_block where account_id = ${$.accountId} and list_id = ${$.id} and first_position in (
      select first_position from number_list_block where account_id = ${$.accountId} and list_id = ${$.id}
      order by first_position limit ${$.limit})`,
});

const deleteList = statement({
  name: 'delete-list',
  values: { accountId: 'int4', id: 'int8' },
  sql: ($) => `delete from number_list where account_id = ${$.accountId} and id = ${$.id}`,
});

/**
 * Removes lists that are older than they are kept for, unless a legal hold is on them, lines first: what was
 * cut short is removed the next time.
 */
export async function removeOldLists(pool: Pool): Promise<void> {
  for (const list of await findOld.all(pool, { days: keptDays })) {
    let deleted: number;
    do {
      deleted = await deleteBlocks.run(pool, { ...list, limit: batchSize });
    } while (deleted === batchSize);
    await deleteList.run(pool, list);
  }
}
