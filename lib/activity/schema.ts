/** What activities are about, for the filter, and the words for it. */
export const activityAreas = {
  SIGN_IN: 'Signing in',
  PEOPLE: 'People',
  SETTINGS: 'Settings',
  OPT_OUTS: 'Opt-outs by hand and requests',
  MESSAGES: 'Scheduled messages',
  FILES: 'Downloads and uploads',
  CREDITS: 'Credits and sub-accounts',
  API_KEYS: 'API keys and webhooks',
  STAFF: 'The provider’s staff',
} as const;
