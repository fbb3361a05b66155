import type { ChannelHandler, Listener } from '@/lib/db/listen';

/**
 * Hears channels only for as long as that is wanted.
 *
 * @param handlers by channel; each hears "resync" when it begins to listen
 * @returns says whether it is wanted from now on; it is not, to begin with
 */
export function hearWhileWanted(
  listener: Listener,
  handlers: Readonly<Record<string, ChannelHandler>>,
): (isWanted: boolean) => void {
  let leave: (() => void)[] = [];
  return (isWanted) => {
    if (isWanted === leave.length > 0) return;
    if (isWanted) {
      leave = Object.entries(handlers).map(([channel, handler]) => listener.on(channel, handler));
    } else {
      for (const end of leave) end();
      leave = [];
    }
  };
}
