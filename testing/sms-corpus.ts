import { createRequire } from 'node:module';

/**
 * 55,835 real SMSs, ordinary conversation, from the package nlp-corpus. Required and not imported: the file
 * is a CommonJS module of 3 MB that nothing should compile or bundle.
 */
export function loadSmsCorpus(): string[] {
  const texts: unknown = createRequire(import.meta.url)('nlp-corpus/src/sms/smsCorpus.js');
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) {
    throw new TypeError('nlp-corpus does not hold a list of texts: is version 3.3.0 installed?');
  }
  return texts;
}
