export { loadSmsCorpus } from '@/lib/testing/sms-corpus';
