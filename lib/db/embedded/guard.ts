import { spawn, type StdioOptions } from 'node:child_process';

/*
 * The guard: a shell that runs a program and stops it when its own standard input ends. The process that
 * started it holds the other end, which closes with that process, be it by kill -9: what it started never
 * outlives it. A shell and not a second Node.js process: 1 MB instead of 50, and hardly anything in it that
 * could fail. It leads a session of its own, so that Ctrl-C in a terminal reaches the supervisor alone, which
 * ends things in their order.
 */
const script = `
signal=$1 folder_to_remove=$2; shift 2
exec 3<&0
"$@" 3<&- </dev/null &
program=$!
{ read -r _ <&3; kill -s "$signal" "$program"; } 2>/dev/null &
watcher=$!
exec 3<&- </dev/null
wait "$program"; status=$?
kill "$watcher" 2>/dev/null
if [ -n "$folder_to_remove" ]; then rm -rf "$folder_to_remove"; fi
exit "$status"
`;

export interface GuardedOptions {
  /** The program and its parameters. */
  command: [string, ...string[]];
  /** How the program is told to stop. */
  stopSignal: 'INT' | 'TERM';
  environment: NodeJS.ProcessEnv;
  workingFolder: string;
  /** Where its output goes: an open file, or this process's own. */
  output: number | 'inherit';
  user?: { uid: number; gid: number } | null;
  /** A folder to remove once the program has ended, whatever ended it. */
  removeAfterwards?: string;
}

export interface GuardedProcess {
  /** Of the guard, which leads the program's process group. */
  pid: number;
  hasEnded(): boolean;
  /** Settles with the exit code when the program has ended; above 128: by a signal. */
  ended: Promise<number>;
  /** Tells the program to stop; the same happens when this process ends. */
  stop(): void;
  /** Ends the program and all it started at once. */
  kill(): void;
}

/** Runs a program that cannot outlive this process. Throws when there is no /bin/sh. */
export function spawnGuarded(options: GuardedOptions): GuardedProcess {
  const { command, stopSignal, environment, workingFolder, output, user, removeAfterwards = '' } = options;
  const stdio: StdioOptions = ['pipe', output, output];
  const child = spawn(
    '/bin/sh',
    ['-c', script, 'client-zone-guard', stopSignal, removeAfterwards, ...command],
    {
      ...user,
      cwd: workingFolder,
      env: environment,
      detached: true,
      stdio,
    },
  );
  const { pid, stdin: lifeline } = child;
  if (pid === undefined || !lifeline) throw new Error('/bin/sh could not be run');
  lifeline.on('error', () => undefined);

  let hasEnded = false;
  const ended = new Promise<number>((resolve) => {
    child.on('exit', (code) => {
      hasEnded = true;
      lifeline.destroy();
      resolve(code ?? 1);
    });
  });
  return {
    pid,
    hasEnded: () => hasEnded,
    ended,
    stop: () => lifeline.end(),
    kill() {
      if (!hasEnded) process.kill(-pid, 'SIGKILL');
    },
  };
}
