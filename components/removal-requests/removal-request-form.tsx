'use client';

import { useRef, useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useAsking } from '@/components/actions/use-asking';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Field, Input } from '@/components/ui/field';
import { Spinner } from '@/components/ui/spinner';
import type { Refusal } from '@/lib/auth/schema';
import type { ConsentPreview, Refused, RequestPreview, RequestResult } from '@/lib/removal-requests/schema';
import { parseSouthAfricanMsisdn } from '@/lib/sms/msisdn-za';
import { ConsentPreviewCard } from './consent-preview-card';
import { PermissionTick } from './permission-tick';
import { RefusalCallout } from './refusal-callout';

interface RemovalRequestFormProps {
  account: { name: string; number: string };
  timeZone: string;
  /** As it came with the address of the page. */
  initialNumber: string;
  /** What is known of that number. */
  initialPreview: RequestPreview | null;
  /** What would be sent, whoever the recipient. */
  consent: ConsentPreview;
  /** The permission's words before there is a number. */
  permissionText: string;
  /** A server action: whether this number may be asked about. */
  check: ServerAction<[number: string], RequestPreview>;
  /** A server action; leads to the request, or answers why there is none. */
  request: ServerAction<[{ number: string; permission: boolean }], RequestResult>;
}

type Typed = { number: string; isTicked: boolean };

const typingPauseMs = 300;
const fieldReasons: Partial<Record<Refused['reason'], 'number' | 'permission'>> = {
  'invalid-number': 'number',
  'no-permission': 'permission',
};

const words = {
  undone: 'Nobody was asked; what you typed is still here.',
  unsure: 'We do not know whether the recipient is asked. Try again: a recipient is never asked twice.',
};

/** Asks for the removal of a number: who, what the recipient will be sent, and the permission to send it. */
export function RemovalRequestForm(props: RemovalRequestFormProps) {
  const { account, timeZone, check, request } = props;
  const draft = useDraft<Typed>(`removal request ${props.initialNumber}`, {
    number: props.initialNumber,
    isTicked: false,
  });
  const { number, isTicked } = draft.value;
  const [problem, setProblem] = useState<{ number?: string; permission?: string }>({});
  const action = useAction(words);
  const numberInput = useRef<HTMLInputElement>(null);
  const { preview, isChecking, show } = usePreview(number, check, {
    number: props.initialNumber,
    preview: props.initialPreview,
  });

  const refused = preview && !preview.ok && !fieldReasons[preview.reason] ? preview : null;
  const consent = preview?.ok ? preview.consent : props.consent;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (refused) return;
    const found = {
      number: findNumberProblem(number),
      permission: isTicked ? undefined : 'Tick the box to give permission; without it nobody can be asked.',
    };
    setProblem(found);
    if (found.number) numberInput.current?.focus();
    if (found.number ?? found.permission) return;
    // Done, it leads to the request, and nothing of it is to be here again.
    draft.change(draft.value);
    action.run(prepareCall(request, { number, permission: isTicked }), () => undefined, {
      onRefused: (refusal) => {
        if (!isOfNumber(refusal)) return refusal.message;
        const field = fieldReasons[refusal.reason];
        if (field) setProblem({ [field]: refusal.message });
        else show(refusal);
      },
    });
  }

  return (
    <form
      // Should the form be sent before its script is there, nothing of it must end up in the address.
      method="post"
      onSubmit={submit}
      noValidate
      className="grid max-w-2xl gap-5 rounded-lg border border-line bg-surface p-4 sm:p-5"
    >
      {draft.isBack && <DraftNotice>It may not have been sent.</DraftNotice>}
      <dl className="text-sm">
        <dt className="font-medium">Account</dt>
        <dd className="mt-0.5 text-ink-soft tabular-nums">
          {account.number}, {account.name}
        </dd>
      </dl>
      <Field
        label="Opted-out number"
        error={problem.number ?? (preview?.ok === false && !refused ? preview.message : undefined)}
      >
        {(control) => (
          <div className="relative max-w-72">
            <Input
              {...control}
              ref={numberInput}
              name="number"
              type="tel"
              autoComplete="off"
              maxLength={40}
              placeholder="082 123 4567"
              value={number}
              onChange={(event) => {
                draft.change({ number: event.target.value, isTicked });
                setProblem((current) => ({ ...current, number: undefined }));
                action.clear();
              }}
              className="pr-9 tabular-nums"
            />
            {isChecking && (
              <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-ink-faint">
                <Spinner />
              </span>
            )}
          </div>
        )}
      </Field>
      {refused ? (
        <RefusalCallout refused={refused} number={number} />
      ) : (
        <>
          <ConsentPreviewCard consent={consent} timeZone={timeZone} />
          <PermissionTick
            text={preview?.ok ? preview.permissionText : props.permissionText}
            isTicked={isTicked}
            onChange={(next) => {
              draft.change({ number, isTicked: next });
              setProblem((current) => ({ ...current, permission: undefined }));
            }}
            error={problem.permission ?? null}
          />
          <ProblemCallout problem={action.problem} />
          <div className="flex flex-wrap gap-2 max-sm:*:grow">
            <Button type="submit" variant="primary" pending={action.isPending}>
              {action.isPending ? 'Requesting' : 'Request removal'}
            </Button>
            <ButtonLink href="/removal-requests">Cancel</ButtonLink>
          </div>
        </>
      )}
    </form>
  );
}

/** What is certainly wrong with a number. One of another country only the server can read. */
function findNumberProblem(number: string): string | undefined {
  const parsed = parseSouthAfricanMsisdn(number);
  return 'foreign' in parsed || parsed.ok ? undefined : parsed.message;
}

/** Whether it is about the number, not about what went wrong inside. */
function isOfNumber(refusal: Refused | Refusal): refusal is Refused {
  return 'request' in refusal;
}

/** What the server says of a number, a moment after it was typed; null while it says nothing. */
function usePreview(
  number: string,
  check: ServerAction<[number: string], RequestPreview>,
  initial: { number: string; preview: RequestPreview | null },
) {
  const [shown, setShown] = useState(initial);
  const isKnown = shown.number === number;
  const mayAsk = !isKnown && findNumberProblem(number) === undefined;
  // Without an answer the form can be sent all the same, and is checked again then.
  const { answer, isAsking } = useAsking(check, mayAsk ? number : null, typingPauseMs);
  const asked = answer && (answer.ok || isOfNumber(answer)) ? answer : null;
  return {
    preview: isKnown ? shown.preview : asked,
    isChecking: isAsking,
    /** What the server said when it was asked to do it. */
    show: (preview: RequestPreview) => setShown({ number, preview }),
  };
}
