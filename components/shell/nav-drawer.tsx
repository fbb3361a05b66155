'use client';

import { Menu as MenuIcon } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { IconButton } from '@/components/ui/icon-button';

/** On narrow windows: the button in the top bar, and the drawer with what is otherwise the sidebar. */
export function NavDrawer({ children }: { children: ReactNode }) {
  const pathname = usePathname();
  // Remembering where it was opened closes it by itself once a link in it has led elsewhere.
  const [openedAt, setOpenedAt] = useState<string | null>(null);
  const [wasOpened, setWasOpened] = useState(false);

  function open() {
    setOpenedAt(pathname);
    setWasOpened(true);
  }

  return (
    <>
      <IconButton icon={MenuIcon} label="Menu" aria-haspopup="dialog" onClick={open} />
      <Dialog placement="start" title="Menu" open={openedAt === pathname} onClose={() => setOpenedAt(null)}>
        <div className="flex grow flex-col px-2.5 pb-3">{wasOpened && children}</div>
      </Dialog>
    </>
  );
}
