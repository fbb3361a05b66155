'use client';

import { unstable_rethrow } from 'next/navigation';
import { useEffect, useRef, useState, useTransition, type FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { Field, Input } from '@/components/ui/field';
import { Spinner } from '@/components/ui/spinner';
import type { ConsentPreview, Refused, RequestPreview } from '@/lib/removal-requests/schema';
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
  check: (number: string) => Promise<RequestPreview>;
  /** A server action; leads to the request, or answers why there is none. */
  request: (number: string, permission: boolean) => Promise<Refused | null>;
}

const typingPauseMs = 300;
const fieldReasons: Partial<Record<Refused['reason'], 'number' | 'permission'>> = {
  'invalid-number': 'number',
  'no-permission': 'permission',
};

/** Asks for the removal of a number: who, what the recipient will be sent, and the permission to send it. */
export function RemovalRequestForm(props: RemovalRequestFormProps) {
  const { account, timeZone, check, request } = props;
  const [number, setNumber] = useState(props.initialNumber);
  const [isTicked, setIsTicked] = useState(false);
  const [problem, setProblem] = useState<{ number?: string; permission?: string }>({});
  const [hasFailed, setHasFailed] = useState(false);
  const [isPending, startTransition] = useTransition();
  const numberInput = useRef<HTMLInputElement>(null);
  const { preview, isChecking, show } = usePreview(number, check, {
    number: props.initialNumber,
    preview: props.initialPreview,
  });

  const refused = preview && !preview.ok && !fieldReasons[preview.reason] ? preview : null;
  const consent = preview?.ok ? preview.consent : props.consent;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isPending || refused) return;
    const found = {
      number: findNumberProblem(number),
      permission: isTicked ? undefined : 'Tick the box to give permission; without it nobody can be asked.',
    };
    setProblem(found);
    setHasFailed(false);
    if (found.number) numberInput.current?.focus();
    if (found.number ?? found.permission) return;
    startTransition(async () => {
      try {
        const answer = await request(number, isTicked);
        const field = answer && fieldReasons[answer.reason];
        if (!answer) setHasFailed(true);
        else if (field) setProblem({ [field]: answer.message });
        else show(answer);
      } catch (error) {
        // A redirect travels as an error, and is none.
        unstable_rethrow(error);
        setHasFailed(true);
      }
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
                setNumber(event.target.value);
                setProblem((current) => ({ ...current, number: undefined }));
                setHasFailed(false);
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
              setIsTicked(next);
              setProblem((current) => ({ ...current, permission: undefined }));
            }}
            error={problem.permission ?? null}
          />
          {hasFailed && (
            <Callout tone="bad" announce>
              This could not be done just now. Press the button again: a recipient is never asked twice.
            </Callout>
          )}
          <div className="flex flex-wrap gap-2 max-sm:*:grow">
            <Button type="submit" variant="primary" pending={isPending}>
              {isPending ? 'Requesting' : 'Request removal'}
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

/** What the server says of a number, a moment after it was typed; null while it says nothing. */
function usePreview(
  number: string,
  check: (number: string) => Promise<RequestPreview>,
  initial: { number: string; preview: RequestPreview | null },
) {
  const [answer, setAnswer] = useState(initial);
  const isKnown = answer.number === number;
  const isAsking = !isKnown && findNumberProblem(number) === undefined;

  useEffect(() => {
    if (!isAsking) return;
    let isStale = false;
    const timer = setTimeout(() => {
      check(number).then(
        (preview) => {
          if (!isStale) setAnswer({ number, preview });
        },
        (error: unknown) => {
          unstable_rethrow(error);
          // Not reached: the form can be sent all the same, and is checked again then.
          if (!isStale) setAnswer({ number, preview: null });
        },
      );
    }, typingPauseMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [number, isAsking, check]);

  return {
    preview: isKnown ? answer.preview : null,
    isChecking: isAsking,
    /** What the server said when it was asked to do it. */
    show: (preview: RequestPreview) => setAnswer({ number, preview }),
  };
}
