'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { ConsentFields, composeTypedConsent, consentFieldNames, type TypedConsent } from './consent-fields';

/** A server action. */
export type RecordConsent = ServerAction<
  [input: TypedConsent & { number: string }],
  { ok: true; msisdn: string; isNew: boolean }
>;

interface ConsentFormProps {
  /** Whose consent, where a page was left to record it; empty: anybody's. */
  number: string;
  today: string;
  record: RecordConsent;
}

const words = {
  undone: 'Nothing was recorded.',
  unsure: 'We do not know whether the consent was recorded. Record it again: that does no harm.',
};

/** One consent, by hand. */
export function ConsentForm({ number, today, record }: ConsentFormProps) {
  const initial = { number, ...composeTypedConsent(today) };
  const { value, change, clear: clearDraft, isBack } = useDraft<typeof initial>('consent', initial);
  const { run, isPending, problem, fieldProblems, clear } = useAction(words, [
    'number',
    ...consentFieldNames,
  ]);

  function edit(edited: Partial<typeof initial>) {
    clear();
    change({ ...value, ...edited });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isPending) return;
    run(prepareCall(record, value), ({ msisdn, isNew }) => {
      clearDraft();
      showToast(
        isNew
          ? `Consent of ${formatMsisdn(msisdn)} recorded`
          : `The consent of ${formatMsisdn(msisdn)} was on record already`,
      );
    });
  }

  return (
    <Card title="Record a consent">
      <form onSubmit={submit} noValidate className="grid gap-4 p-4">
        {isBack && <DraftNotice>It may not have been recorded.</DraftNotice>}
        <Field label="Mobile number" error={fieldProblems.number}>
          {(control) => (
            <Input
              {...control}
              name="number"
              value={value.number}
              inputMode="tel"
              autoComplete="off"
              placeholder="082 123 4567"
              className="sm:max-w-64"
              onChange={(event) => edit({ number: event.target.value })}
            />
          )}
        </Field>
        <ConsentFields value={value} onChange={edit} problems={fieldProblems} today={today} />
        <ProblemCallout problem={problem} />
        <div className="flex max-sm:*:grow">
          <Button type="submit" variant="primary" pending={isPending}>
            Record the consent
          </Button>
        </div>
      </form>
    </Card>
  );
}
