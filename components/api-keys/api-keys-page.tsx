'use client';

import { KeyRound } from 'lucide-react';
import { prepareCall } from '@/components/actions/call-action';
import { usePrompt } from '@/components/actions/use-prompt';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/relative-time';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { scopeLabels } from '@/lib/api-keys/labels';
import type { ApiKeyRow } from '@/lib/api-keys/schema';
import type { ChooseSender, MakeKey, RevokeKey, RotateKey } from './actions';
import { MakeDialog } from './make-dialog';
import { ProgramList, useDialogOf, useNewForm } from './program-list';
import { RotateDialog } from './rotate-dialog';
import { SenderDialog } from './sender-dialog';
import { nameSender } from './sender-field';

interface ApiKeysPageProps {
  keys: readonly ApiKeyRow[];
  /** The account's own numbers. */
  senders: readonly string[];
  timeZone: string;
  /** Server actions. */
  make: MakeKey;
  rotate: RotateKey;
  chooseSender: ChooseSender;
  revoke: RevokeKey;
}

/** The keys of the account's programs. */
export function ApiKeysPage(props: ApiKeysPageProps) {
  const { keys, senders, timeZone, make, rotate, chooseSender, revoke } = props;
  const making = useNewForm();
  const rotating = useDialogOf<ApiKeyRow>();
  const choosing = useDialogOf<ApiKeyRow>();
  const revoking = usePrompt();

  function askToRevoke({ id, name }: ApiKeyRow) {
    revoking.ask({
      title: `Revoke “${name}”?`,
      children: <p>Whatever still uses it is refused from then on. A revoked key cannot be brought back.</p>,
      submitLabel: 'Revoke',
      variant: 'danger',
      words: {
        undone: `“${name}” still works.`,
        unsure: `We do not know whether “${name}” was revoked. Try again: that does no harm.`,
      },
      command: () => prepareCall(revoke, { id }),
      onDone: () => showToast(`“${name}” was revoked`),
    });
  }

  return (
    <>
      <ProgramList
        title="API keys"
        description="A key lets one of your programs act for this account, without anybody’s password."
        addLabel="Make a key"
        onAdd={making.open}
        emptyTitle="No keys yet"
        emptyText="Make one for each program that sends for you or keeps your lists."
        isEmpty={keys.length === 0}
      >
        {keys.map((key) => (
          <KeyItem
            key={key.id}
            apiKey={key}
            timeZone={timeZone}
            onRotate={() => rotating.open(key)}
            onChooseSender={senders.length > 0 || key.senderNumber !== null ? () => choosing.open(key) : null}
            onRevoke={() => askToRevoke(key)}
          />
        ))}
      </ProgramList>
      {making.form > 0 && (
        <MakeDialog
          key={making.form}
          open={making.isOpen}
          onClose={making.close}
          make={make}
          senders={senders}
        />
      )}
      {rotating.shown && (
        <RotateDialog
          key={`rotate ${rotating.shown.opening}`}
          apiKey={rotating.shown.item}
          open={rotating.shown.isOpen}
          onClose={rotating.close}
          rotate={rotate}
        />
      )}
      {choosing.shown && (
        <SenderDialog
          key={`sender ${choosing.shown.opening}`}
          apiKey={choosing.shown.item}
          senders={senders}
          open={choosing.shown.isOpen}
          onClose={choosing.close}
          choose={chooseSender}
        />
      )}
      {revoking.dialog}
    </>
  );
}

interface KeyItemProps {
  apiKey: ApiKeyRow;
  timeZone: string;
  onRotate: () => void;
  /** Null: there is nothing to choose from. */
  onChooseSender: (() => void) | null;
  onRevoke: () => void;
}

function KeyItem({ apiKey, timeZone, onRotate, onChooseSender, onRevoke }: KeyItemProps) {
  const { name, state, scopes, hint, networks, senderNumber } = apiKey;
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 px-4 py-3.5 sm:px-5">
      <div className="flex min-w-0 grow gap-3">
        <KeyRound aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-faint" />
        <div className="min-w-0 space-y-1 text-sm">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium wrap-anywhere">{name}</span>
            {state === 'revoked' && <Badge tone="bad">Revoked</Badge>}
            {state === 'expired' && <Badge tone="warn">Expired</Badge>}
            {state === 'active' &&
              scopes.map((scope) => <Badge key={scope}>{scopeLabels[scope].label}</Badge>)}
          </p>
          <p className="font-mono text-xs break-all text-ink-soft">{hint}</p>
          {networks.length > 0 && (
            <p className="text-xs wrap-anywhere text-ink-soft">Only from {networks.join(', ')}</p>
          )}
          {senderNumber !== null && (
            <p className="text-xs text-ink-soft">Sends from {nameSender(senderNumber)}</p>
          )}
          <p className="text-xs text-ink-faint">
            Made <Time value={apiKey.createdAt} timeZone={timeZone} />
            {apiKey.createdBy && ` by ${apiKey.createdBy}`}.{' '}
            {apiKey.lastUsedAt ? (
              <>
                Last used <RelativeTime value={apiKey.lastUsedAt} timeZone={timeZone} />.
              </>
            ) : (
              'Never used.'
            )}
            {apiKey.revokedAt ? (
              <>
                {' '}
                Revoked <Time value={apiKey.revokedAt} timeZone={timeZone} />.
              </>
            ) : (
              apiKey.expiresAt && (
                <>
                  {' '}
                  {state === 'expired' ? 'Expired' : 'Expires'}{' '}
                  <Time value={apiKey.expiresAt} timeZone={timeZone} />.
                </>
              )
            )}
          </p>
          {state === 'active' && apiKey.previousUntil && (
            <p className="text-xs text-ink-soft">
              The secret before this one works until <Time value={apiKey.previousUntil} timeZone={timeZone} />
              .
            </p>
          )}
        </div>
      </div>
      {state !== 'revoked' && (
        <div className="flex gap-2 max-sm:w-full max-sm:*:grow">
          {state === 'active' && scopes.includes('SEND') && onChooseSender && (
            <Button size="small" aria-label={`Change the number of “${name}”`} onClick={onChooseSender}>
              Number
            </Button>
          )}
          {state === 'active' && (
            <Button size="small" aria-label={`New secret for “${name}”`} onClick={onRotate}>
              New secret
            </Button>
          )}
          <Button size="small" variant="danger" aria-label={`Revoke “${name}”`} onClick={onRevoke}>
            Revoke
          </Button>
        </div>
      )}
    </li>
  );
}
