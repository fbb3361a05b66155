import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Whether a process runs. One that has ended and that nobody has cleared away (a zombie) does not. */
export function isAlive(pid: number): boolean {
  return readCommandLine(pid) !== '';
}

/** Sends a signal, unless the process has just ended by itself. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The postmaster that runs on a data folder, or null. What a killed one left behind does not count. */
export function findPostmaster(dataFolder: string): number | null {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return null;
  }
  // The number may long belong to another process: its command line tells.
  return readCommandLine(pid).includes(dataFolder) ? pid : null;
}

/** Empty when there is no such process. */
function readCommandLine(pid: number): string {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  }
  return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}
