import { Logger } from 'graphile-worker';
import { log } from '@/lib/log';

/**
 * What the job queue has to say, as lines of our log. Its sentences quote an error's words, in which numbers
 * of people may stand: of a failure the error itself is logged, which the log makes harmless.
 */
export const jobLogger = new Logger((scope) => (level, message, meta) => {
  const fields = { label: scope.label, task: scope.taskIdentifier, jobId: scope.jobId };
  if (meta?.error !== undefined) {
    log.error({ ...fields, err: meta.error }, 'A job, or the job queue, failed');
    return;
  }
  switch (level) {
    case 'error':
      return log.error(fields, withoutNumbers(message));
    case 'warning':
      return log.warn(fields, withoutNumbers(message));
    // each start and end of a job, and more
    default:
      return log.debug(fields, withoutNumbers(message));
  }
});

function withoutNumbers(message: string): string {
  return message.replaceAll(/\+?\d{9,15}/g, '[number]');
}
