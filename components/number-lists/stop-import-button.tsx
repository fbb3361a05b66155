'use client';

import { useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { showToast } from '@/components/ui/toast';

/** @param stop a server action */
export function StopImportButton({
  listId,
  stop,
}: {
  listId: string;
  stop: (listId: string) => Promise<void>;
}) {
  const [isPending, startTransition] = useTransition();
  return (
    <Button
      size="small"
      pending={isPending}
      onClick={() =>
        startTransition(async () => {
          await stop(listId).catch(() => showToast('The import could not be stopped. Try again.'));
        })
      }
    >
      Stop the import
    </Button>
  );
}
