import { Callout } from '@/components/ui/callout';

/** What a YES cannot do for a number that is on the national registry. */
export function RegistryNote({ isOver }: { isOver: boolean }) {
  return (
    <Callout tone="warn" title="This number is on the national opt-out registry">
      {isOver
        ? 'Marketing to it stays blocked, whatever became of this request. Service messages are not held back by the registry.'
        : 'A YES lifts the account’s own block, and service messages reach the number again. Marketing to it stays blocked: only its holder can take it off the registry.'}
    </Callout>
  );
}
