import { classifyReply } from '@/lib/opt-outs/matcher';
import { loadSmsCorpus } from '@/testing/sms-corpus';
import type { BenchRow } from './bench-row';
import { compareInterleaved } from './interleave';

/**
 * The published rules alone, in one expression over the raw text: no normalising, no review, no keywords of
 * one's own.
 */
const publishedRules = /^\s*(?:(?:stop|end|cancel|unsubscribe|quit)\s*$|stop send|opt out|opt.out)/isu;

/**
 * Time of the processor: on a busy machine the longer side waits more often, and neither waits for anything
 * else.
 */
function processorMs(work: () => void): Promise<number> {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return Promise.resolve((user + system) / 1000);
}

/**
 * Texts read per second, of 55,835 real ones, against one regular expression of the published rules alone.
 */
export async function benchMatcher({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  const texts = loadSmsCorpus();
  let optOuts = 0;
  const { timeRatio, oursMs, baselineMs, rounds } = await compareInterleaved(
    quick ? 5 : 41,
    () =>
      processorMs(() => {
        for (const text of texts) if (classifyReply(text).verdict === 'opt-out') optOuts += 1;
      }),
    () =>
      processorMs(() => {
        for (const text of texts) if (publishedRules.test(text)) optOuts += 1;
      }),
  );
  if (optOuts === 0) throw new Error('Neither side found an opt-out: nothing was measured.');
  const perSecond = (ms: number) => Math.round((texts.length / ms) * 1000).toLocaleString('en-ZA');
  return [
    {
      name: 'matcher',
      against: 'one regular expression of the published rules alone',
      ratio: 1 / timeRatio,
      floor: 0.6,
      goal: 1,
      better: 'higher',
      detail: `${perSecond(oursMs)} against ${perSecond(baselineMs)} texts a second, ${rounds} rounds`,
    },
  ];
}
