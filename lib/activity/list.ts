import 'server-only';
import { activityKinds } from '@/lib/auth/activity';
import type { Activity } from '@/lib/db/generated/client';
import { listedAccount } from '@/lib/lists/account-list';
import { whenColumn } from '@/lib/lists/columns';
import { declareAccountList, type RowOf } from '@/lib/lists/declare-list';
import { activityAreas } from './schema';

const areaSql = `case
  when activity.kind like 'people.%' or activity.kind = 'account.register' then 'PEOPLE'
  when activity.kind like 'staff.%' then 'STAFF'
  when activity.kind like 'scheduled.%' then 'MESSAGES'
  when activity.kind like 'opt-out.%' or activity.kind like 'reply.%' or activity.kind like 'removal-request.%'
    then 'OPT_OUTS'
  when activity.kind like 'file.%' or activity.kind like 'list.%' then 'FILES'
  when activity.kind like 'credits.%' or activity.kind = 'account.open-sub-account' then 'CREDITS'
  when activity.kind like 'api-key.%' or activity.kind like 'webhook.%' then 'API_KEYS'
  when activity.kind like 'account.%' and activity.kind <> 'account.switch' then 'SETTINGS'
  else 'SIGN_IN' end`;

/** Of a member of the provider's staff the house is named, not the person; of a program its key. */
const whoSql = `coalesce((
  select case when portal_user.role = 'STAFF' then 'The provider’s staff' else portal_user.name end
  from portal_user where portal_user.id = activity.user_id), (
  select 'API key “' || api_key.name || '”' from api_key
  where api_key.account_id = ${listedAccount} and api_key.id = activity.key_id))`;

/** SQL: "1 000 credits", of a fact that is a count; null where there is none. */
const countSql = (fact: string, one: string, many: string) => {
  const count = `(activity.details ->> '${fact}')`;
  const grouped = `replace(to_char(${count}::numeric, 'FM999,999,999,999'), ',', chr(160))`;
  return `${grouped} || case when abs(${count}::numeric) = 1 then ' ${one}' else ' ${many}' end`;
};

/** Whom or what it was about, in a few words, out of the facts that were written down with it. */
const aboutSql = `nullif(concat_ws(', ', activity.details ->> 'person', activity.details ->> 'email',
    activity.details ->> 'setting', activity.details ->> 'file', activity.details ->> 'name',
    activity.details ->> 'reference', 'W' || (activity.details ->> 'subAccountId'),
    ${countSql('numbers', 'number', 'numbers')},
    ${countSql('messages', 'message', 'messages')},
    ${countSql('credits', 'credit', 'credits')},
    'below ' || ${countSql('level', 'credit', 'credits')},
    case activity.kind
      when 'credits.transfer' then 'W' || (activity.details ->> 'from') || ' to W' || (activity.details ->> 'to')
      else lower(activity.details ->> 'from') || ' to ' || lower(activity.details ->> 'to') end,
    'as ' || lower(activity.details ->> 'role')), '')`;

/** Who did what in an account, and from where. */
export const activityList = declareAccountList<Activity>()({
  name: 'activity',
  label: 'Activity',
  file: { name: 'activity', sheet: 'Activity' },
  from: 'activity',
  at: 'created_at',
  search: {
    label: 'Search by person or details',
    placeholder: 'Person or details',
    text: `(concat_ws(' ', ${whoSql}, ${aboutSql}))`,
    hasNoNumber: true,
  },
  columns: {
    createdAt: { ...whenColumn, table: { ...whenColumn.table, canHide: false } },
    who: { label: 'Who', type: 'text', sql: whoSql, table: { canHide: false, order: 1 } },
    kind: {
      id: 'what',
      label: 'What',
      type: 'words',
      words: activityKinds,
      table: { canHide: false, order: 2 },
    },
    about: { id: 'details', label: 'Details', type: 'text', sql: aboutSql, table: { order: 3 } },
    address: { id: 'from', label: 'From where', type: 'text', table: { order: 4 } },
  },
  filters: {
    areas: {
      kind: 'several',
      name: 'about',
      label: 'About',
      words: activityAreas,
      of: `(${areaSql})`,
      type: 'text',
    },
  },
});

export type ActivityList = typeof activityList.view;
export type ActivityRow = RowOf<typeof activityList>;
