import type { ChildProcess } from 'node:child_process';

type End = (child: ChildProcess) => void;

const running = new Map<ChildProcess, End>();
process.on('exit', () => {
  for (const [child, end] of running) end(child);
});

/**
 * Has a process that was started end with the one that started it, however that ends, but for SIGKILL: tests
 * and the soak are stopped halfway, and what they leave keeps ports and cores busy.
 *
 * @param child just started
 * @param end how it is ended; by SIGKILL unless told. It cannot wait for anything.
 * @returns the same child
 */
export function endWithUs<Child extends ChildProcess>(
  child: Child,
  end: End = (left) => left.kill('SIGKILL'),
): Child {
  running.set(child, end);
  child.once('exit', () => running.delete(child));
  return child;
}
