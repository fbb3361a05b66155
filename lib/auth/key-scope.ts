import { mintAccountScope, type AccountScope } from './scope';

/**
 * The scope by which a program acts for the account whose API key it showed. For lib/api-keys/make-api.ts
 * alone, which has looked the key up, its account and what it may do.
 */
export function openKey(key: { accountId: number; keyId: number }): AccountScope {
  return mintAccountScope(key.accountId, { keyId: key.keyId });
}
