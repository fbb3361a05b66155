'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/field';
import { staffTimeZone } from '@/lib/lists/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { RegistryRecord } from '@/lib/registry/schema';
import { RegistryRecords } from './registry-records';

interface Found {
  msisdn: string;
  records: RegistryRecord[];
}

export type LookUp = ServerAction<[input: { number: string }], { ok: true } & Found>;

const words = { undone: 'Nothing was looked up.', unsure: 'There was no answer. Try again.' };

/** What the registry says of one number. */
export function NumberLookup({ lookUp }: { lookUp: LookUp }) {
  const [number, setNumber] = useState('');
  const [found, setFound] = useState<Found | null>(null);
  const { run, isPending, problem, fieldProblems, clear } = useAction(words, ['number']);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isPending) return;
    setFound(null);
    run(prepareCall(lookUp, { number }), ({ msisdn, records }) => {
      setFound({ msisdn, records });
    });
  }

  return (
    <Card title="Look a number up">
      <form onSubmit={submit} noValidate className="grid gap-3 p-4">
        <Field label="Mobile number" error={fieldProblems.number}>
          {(control) => (
            <Input
              {...control}
              name="number"
              value={number}
              inputMode="tel"
              autoComplete="off"
              placeholder="082 123 4567"
              onChange={(event) => {
                clear();
                setNumber(event.target.value);
              }}
            />
          )}
        </Field>
        <ProblemCallout problem={problem} />
        <Button type="submit" pending={isPending} className="justify-self-start">
          Look it up
        </Button>
        <div role="status" className="text-sm">
          {found && (
            <div className="grid gap-2">
              <p className="font-medium tabular-nums">{formatMsisdn(found.msisdn)}</p>
              {found.records.length === 0 ? (
                <p className="text-ink-soft">It is not on the registry, and never was.</p>
              ) : (
                <RegistryRecords records={found.records} timeZone={staffTimeZone} />
              )}
            </div>
          )}
        </div>
      </form>
    </Card>
  );
}
