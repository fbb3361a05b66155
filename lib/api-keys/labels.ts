import type { ApiScope } from './schema';

/** What a key may do, as it is put to people. */
export const scopeLabels: Record<ApiScope, { label: string; description: string }> = {
  READ: { label: 'Read', description: 'See credits, messages and their status, replies and sub-accounts.' },
  SEND: {
    label: 'Send',
    description: 'Send and schedule messages, delete scheduled ones, transfer credits.',
  },
  OPT_OUTS: {
    label: 'Opt-outs',
    description: 'See, check, add and remove opt-outs, follow their changes, and request removals.',
  },
  WEBHOOKS: {
    label: 'Webhooks',
    description: 'Set up webhooks, and so be told of all that webhooks tell, replies included.',
  },
};
