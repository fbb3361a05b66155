import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createCarrier } from '@/lib/carriers/create-carrier';
import { CarrierFleet } from '@/lib/carriers/fleet';
import { createCarrierListener, createDoorTools } from '@/lib/carriers/listener';
import { isBoxWanted, makeKannelBox } from '@/lib/carriers/kannel-box';
import { putEnvironmentCarrier } from '@/lib/carriers/registry';
import { giveDueReceipts } from '@/lib/carriers/simulator';
import { closeDatabase, getPool } from '@/lib/db/client';
import { createListener, type ChannelEvent } from '@/lib/db/listen';
import { env } from '@/lib/env';
import {
  accountChangedChannel,
  carriersChangedChannel,
  messageQueuedChannel,
  parseAccountChange,
  urgentQueuedChannel,
} from '@/lib/events/account-changes';
import { beginStopping } from '@/lib/http/stopping';
import { rescueJobs, startJobs } from './runner';
import { log } from '@/lib/log';
import { startTracing } from '@/lib/metrics/start-tracing';
import { keepTimeToHonour } from '@/lib/metrics/time-to-honour';
import { createMailTransport } from '@/lib/notices/transport';
import { WebhookSender } from '@/lib/webhooks/sender';
import { hearWhileWanted } from './hear-while-wanted';
import { startHeartbeat } from './heartbeat';
import { repeat } from './repeat';

/**
 * The worker: dispatches messages, sends webhooks, listens to carriers, runs jobs (imports, e-mails, the ends
 * of removal requests), and says that it lives. Any number may run on one database. Answers with how it is
 * stopped.
 */
async function startWorker(): Promise<() => Promise<void>> {
  const stopTracing = await startTracing('worker');
  const pool = getPool();
  await putEnvironmentCarrier(pool, env);
  const notifications = createListener(env.DATABASE_URL);
  const announce = (event: ChannelEvent, isUrgent: boolean) => {
    if (event.type === 'notification') fleet.announce(Number(event.payload), { isUrgent });
    else fleet.sweepSoon();
  };
  // Where many workers stand by, whatever wakes one wakes all: each hears what it has to do something about.
  const hearQueues = hearWhileWanted(notifications, {
    [messageQueuedChannel]: (event) => announce(event, false),
    [urgentQueuedChannel]: (event) => announce(event, true),
  });
  const hearChanges = hearWhileWanted(notifications, {
    [accountChangedChannel]: (event) => {
      const change = event.type === 'notification' ? parseAccountChange(event.payload) : null;
      if (change) webhooks.announce(change.accountId);
    },
  });
  const doors = createDoorTools(pool);
  const box = makeKannelBox(doors, env);
  const fleet = new CarrierFleet(pool, {
    createCarrier: (carrier) => createCarrier(pool, carrier),
    workerId: randomUUID(),
    whenHolding: hearQueues,
    whenLeased: (leases) => box?.serve(isBoxWanted(leases, env.CARRIER)),
  });
  const webhooks = new WebhookSender(pool, { whenServing: hearChanges });
  await fleet.start();
  webhooks.start();
  notifications.on(carriersChangedChannel, () => fleet.lookSoon());

  const batchOfReceipts = 1000;
  // With another carrier it has at most what it was handed before.
  const receiptPauseMs = env.CARRIER === 'simulator' ? 300 : 3_000;
  const stopReceipts = repeat('simulator receipts', receiptPauseMs, async () => {
    return (await giveDueReceipts(pool, batchOfReceipts)) === batchOfReceipts;
  });

  const stopHonourTimes = keepTimeToHonour(getPool);
  const carriers = createCarrierListener(pool, doors);
  await carriers.listen({ host: env.HOST, port: env.WORKER_PORT });
  box?.start();
  const jobs = await startJobs(pool, { mail: createMailTransport(), clock: () => new Date() });
  const stopHeartbeat = await startHeartbeat(pool, jobs.id);
  const stopRescue = repeat('rescue of jobs', 10_000, async () => {
    await rescueJobs(pool);
    return false;
  });
  log.info({ port: env.WORKER_PORT, carrier: env.CARRIER }, 'worker is up');

  return async () => {
    // First those who send are told to look elsewhere, then nothing new comes in, then what is under way
    // ends, then the connections close.
    beginStopping();
    await delay(env.STOP_DELAY_SECONDS * 1000);
    await Promise.all([carriers.close(), box?.stop()]);
    await Promise.all([
      fleet.stop(),
      webhooks.stop(),
      stopReceipts(),
      stopRescue(),
      notifications.close(),
      jobs.stop(),
    ]);
    await stopHonourTimes();
    await stopHeartbeat();
    await closeDatabase();
    await stopTracing();
  };
}

async function runWorker(): Promise<void> {
  // Heard from the first moment: messages are on the way before all of it is up, and a signal nobody hears
  // ends them half done.
  const stopRequest = new Promise<string>((resolve) => {
    // A Ctrl-C comes from the terminal, and again from each start script: with nobody to hear the second it
    // would end what is under way. SIGHUP is a terminal that was closed.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
  });
  const stop = await startWorker();
  const signal = await stopRequest;
  log.info({ signal }, 'worker is stopping');
  await stop().catch((err: unknown) => {
    log.error({ err }, 'worker did not stop cleanly');
    process.exit(1);
  });
  log.info('worker has stopped');
  process.exit(0);
}

runWorker().catch((err: unknown) => {
  log.fatal({ err }, 'worker could not start');
  process.exit(1);
});
