import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds in seconds: from one reply on an idle machine to an hour behind a closed gateway. */
const honourBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

/** A delay contains it: at rest that is what is shown. */
const eventLoopLookMs = 100;

function createMetrics() {
  const registry = new Registry();
  // Event loop delay, memory, garbage collection, open files. The delay is looked at each 100 ms: each 10 ms,
  // as it would be, an idle process took 0.8 % of a core in place of 0.1 for nothing else.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopLookMs });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `client_zone_${name}`, help, labelNames, registers: [registry] });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge({ name: `client_zone_${name}`, help, labelNames, registers: [registry] });
  return {
    registry,
    replies: counter(
      'replies_total',
      'Replies received and committed, by verdict; duplicates apart. set_aside: they could not be recorded.',
      ['verdict'],
    ),
    timeToHonour: new Histogram({
      name: 'client_zone_time_to_honour_seconds',
      help: 'From the arrival of an opt-out at the gateway, or else at the listener, to the commit that puts its block in force.',
      buckets: honourBounds,
      registers: [registry],
    }),
    handovers: counter('handovers_total', 'Messages handed to a carrier, by what it answered.', [
      'carrier',
      'outcome',
    ]),
    carrierErrors: counter('carrier_errors_total', 'Batches that a carrier was at fault with, by how.', [
      'carrier',
      'fault',
    ]),
    receipts: counter('receipts_total', 'Delivery receipts taken, by what they say.', ['status']),
    receiptsRefused: counter(
      'receipts_refused_total',
      'Delivery receipts that changed nothing: without our signature, of no message that this carrier was handed, or not to be recorded.',
      ['because'],
    ),
    webhooks: counter('webhook_attempts_total', 'Attempts to deliver a webhook, by outcome.', ['outcome']),
    jobs: counter('job_runs_total', 'Runs of jobs, by task and outcome; given_up: it is not tried again.', [
      'task',
      'outcome',
    ]),
    queueWaiting: gauge('queue_waiting', 'Messages, webhooks and jobs that are due and wait.', [
      'queue',
      'class',
    ]),
    queueAge: gauge('queue_age_seconds', 'How long the one that is due longest has waited; 0: none waits.', [
      'queue',
      'class',
    ]),
    failedJobs: gauge('jobs_given_up', 'Jobs that failed so often that they are not tried again.', []),
    setAside: gauge(
      'replies_set_aside',
      'Replies that could not be recorded and wait for the staff, or for a version that can.',
      [],
    ),
    workers: gauge('workers', 'Workers that said in the last 15 seconds that they live.', []),
    databaseUp: gauge(
      'database_up',
      'Whether the database answered when it was last asked for the queues.',
      [],
    ),
    connections: gauge('database_connections', 'Connections of this process to the database.', [
      'pool',
      'state',
    ]),
    connectionsMost: gauge('database_connections_max', 'Most connections that a pool may hold.', ['pool']),
    replicaReads: counter(
      'replica_reads_total',
      'Reads that a replica may answer: by it, or by the primary because it was behind, away, or failed.',
      ['answered'],
    ),
    replicaState: gauge(
      'replica_state',
      'What a read replica is to this process: 1 for its state, 0 for the others; nothing where there is none.',
      ['state'],
    ),
    replicaLag: gauge(
      'replica_lag_bytes',
      'How much of the log the replica had yet to carry out when last looked at; NaN: it did not say.',
      [],
    ),
    waiting: gauge('database_waiting', 'Who waits in this process for a connection to the database.', [
      'pool',
    ]),
  };
}

// On globalThis: Next.js may load a module more than once, and a process has one of each figure.
const kept = globalThis as typeof globalThis & { clientZoneMetrics?: ReturnType<typeof createMetrics> };

/**
 * The figures of this process. Labels have few values each, all known to the program or the registry of
 * carriers: no account, no person, no text.
 */
export const metrics = (kept.clientZoneMetrics ??= createMetrics());
