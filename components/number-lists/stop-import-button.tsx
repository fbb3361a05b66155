'use client';

import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';

/** A server action: stops the import. */
export type StopImport = ServerAction<[listId: string]>;

const words = {
  undone: 'The import goes on.',
  unsure: 'We do not know whether the import was stopped. Try again: that does no harm.',
};

export function StopImportButton({ listId, stop }: { listId: string; stop: StopImport }) {
  const { run, isPending, problem } = useAction(words);
  return (
    <>
      <Button
        size="small"
        pending={isPending}
        onClick={() => run(prepareCall(stop, listId), () => undefined)}
      >
        Stop the import
      </Button>
      {problem && (
        <div className="w-full">
          <ProblemCallout problem={problem} />
        </div>
      )}
    </>
  );
}
