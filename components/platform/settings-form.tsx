'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { IfMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Checkbox } from '@/components/ui/checkbox';
import { Field, Input, Textarea } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import type { PlatformSettings } from '@/lib/platform/schema';
import { formatMinutes, parseMinutes } from './minutes';

interface SettingsFormProps {
  settings: PlatformSettings;
  /** A server action. */
  save: ServerAction<[settings: PlatformSettings]>;
}

type Typed = {
  days: string;
  weekdayFrom: string;
  weekdayTo: string;
  saturdayFrom: string;
  saturdayTo: string;
  holidays: string;
  autoApprove: boolean;
  cleansingDays: string;
  cleansingRequiredFrom: string;
  registrationRequiredFrom: string;
  refusesTexts: boolean;
  consentStands: boolean;
};

type TextName = Exclude<keyof Typed, 'autoApprove' | 'refusesTexts' | 'consentStands'>;

function toTyped(settings: PlatformSettings): Typed {
  return {
    days: String(settings.removalExpiryDays),
    weekdayFrom: formatMinutes(settings.weekday.from),
    weekdayTo: formatMinutes(settings.weekday.to),
    saturdayFrom: formatMinutes(settings.saturday.from),
    saturdayTo: formatMinutes(settings.saturday.to),
    holidays: settings.extraHolidays.join('\n'),
    autoApprove: settings.autoApprove,
    cleansingDays: String(settings.cleansingDays),
    cleansingRequiredFrom: settings.cleansingRequiredFrom ?? '',
    registrationRequiredFrom: settings.registrationRequiredFrom ?? '',
    refusesTexts: settings.marketingTextPolicy === 'REFUSE',
    consentStands: settings.consentStands,
  };
}

const words = {
  undone: 'The settings are as they were.',
  unsure: 'We do not know whether the settings were saved. Save again: that does no harm.',
};

export function SettingsForm({ settings, save }: SettingsFormProps) {
  const { value: typed, change, isBack } = useDraft<Typed>('platform settings', toTyped(settings));
  const { isPending, problem, refuse, clear, run } = useAction(words);

  function edit(edited: Partial<Typed>) {
    clear();
    change({ ...typed, ...edited });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const weekdayFrom = parseMinutes(typed.weekdayFrom);
    const weekdayTo = parseMinutes(typed.weekdayTo);
    const saturdayFrom = parseMinutes(typed.saturdayFrom);
    const saturdayTo = parseMinutes(typed.saturdayTo);
    if (weekdayFrom === null || weekdayTo === null || saturdayFrom === null || saturdayTo === null) {
      refuse('Write each hour like 08:00 or 20:00.');
      return;
    }
    const next: PlatformSettings = {
      removalExpiryDays: /^\d+$/.test(typed.days.trim()) ? Number(typed.days) : 0,
      autoApprove: typed.autoApprove,
      consentStands: typed.consentStands,
      weekday: { from: weekdayFrom, to: weekdayTo },
      saturday: { from: saturdayFrom, to: saturdayTo },
      extraHolidays: [...new Set(typed.holidays.split(/[\s,;]+/).filter(Boolean))].sort(),
      cleansingDays: /^\d+$/.test(typed.cleansingDays.trim()) ? Number(typed.cleansingDays) : 0,
      cleansingRequiredFrom: typed.cleansingRequiredFrom || null,
      registrationRequiredFrom: typed.registrationRequiredFrom || null,
      marketingTextPolicy: typed.refusesTexts ? 'REFUSE' : 'ADVISE',
    };
    run(prepareCall(save, next), () => {
      change(toTyped(next));
      showToast('Settings saved');
    });
  }

  const bind = (name: TextName) => ({
    value: typed[name],
    onChange: (event: { target: { value: string } }) => edit({ [name]: event.target.value }),
  });

  return (
    <form onSubmit={submit} noValidate className="grid max-w-3xl gap-4">
      {isBack && <DraftNotice>It has not been saved.</DraftNotice>}
      <Card title="When marketing and consent SMSs may leave">
        <div className="grid gap-4 p-4">
          <p className="text-sm text-ink-soft">
            Never on Sundays and public holidays. Marketing goes by the clock of the recipient’s country, a
            consent SMS by South African time. What is due outside these hours waits for the next lawful
            minute. The law allows 08:00 to 20:00 on weekdays and 09:00 to 13:00 on Saturdays.
          </p>
          <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
            <Field label="Weekdays from">
              {(control) => <Input {...control} {...bind('weekdayFrom')} inputMode="numeric" maxLength={5} />}
            </Field>
            <Field label="Weekdays to">
              {(control) => <Input {...control} {...bind('weekdayTo')} inputMode="numeric" maxLength={5} />}
            </Field>
            <Field label="Saturdays from">
              {(control) => (
                <Input {...control} {...bind('saturdayFrom')} inputMode="numeric" maxLength={5} />
              )}
            </Field>
            <Field label="Saturdays to">
              {(control) => <Input {...control} {...bind('saturdayTo')} inputMode="numeric" maxLength={5} />}
            </Field>
          </div>
          <Field
            label="Extra public holidays"
            hint="Proclaimed for once, such as an election day; one date a line, like 2026-11-04. Those of the calendar are known."
          >
            {(control) => (
              <Textarea
                {...control}
                {...bind('holidays')}
                rows={3}
                spellCheck={false}
                className="font-mono sm:max-w-64"
              />
            )}
          </Field>
        </div>
      </Card>
      <Card title="Who may send marketing">
        <div className="grid gap-4 p-4">
          <p className="text-sm text-ink-soft">
            Marketers register each year and cleanse their lists against the national registry each month. An
            account that has begun to is held to it. An answer for the whole industry, which you put in force
            under Registry, is a cleansing of every account. Service messages are never stopped.
          </p>
          <div className="grid items-start gap-4 sm:grid-cols-3">
            <Field label="Days a cleansing counts" hint="The law asks for one a month.">
              {(control) => (
                <Input {...control} {...bind('cleansingDays')} inputMode="numeric" maxLength={3} />
              )}
            </Field>
            <Field label="Require a cleansing from" hint="Empty: not of accounts that have never cleansed.">
              {(control) => <Input {...control} {...bind('cleansingRequiredFrom')} type="date" />}
            </Field>
            <Field label="Require a registration from" hint="Empty: not of accounts that gave none.">
              {(control) => <Input {...control} {...bind('registrationRequiredFrom')} type="date" />}
            </Field>
          </div>
          <Checkbox
            checked={typed.refusesTexts}
            onChange={(event) => edit({ refusesTexts: event.target.checked })}
            hint="Off: whoever sends is told what is missing. On: such a text is refused, on Send, by programs, and when a scheduled text is changed."
          >
            Refuse marketing that does not say who is speaking and how to opt out
          </Checkbox>
        </div>
      </Card>
      <Card title="The recipient’s answer">
        <div className="grid gap-4 p-4">
          <div className="sm:max-w-64">
            <Field label="Days to answer" hint="1 to 90. Without a YES by then the request expires.">
              {(control) => <Input {...control} {...bind('days')} inputMode="numeric" maxLength={2} />}
            </Field>
          </div>
          <Checkbox
            checked={typed.autoApprove}
            onChange={(event) => edit({ autoApprove: event.target.checked })}
            hint="Off: a member of staff reads every answer first. On: a reply that is exactly YES, or one of the account’s words for it, lifts the block the moment it arrives, and nobody looks at the request."
          >
            Approve an exact YES by itself
          </Checkbox>
          {typed.autoApprove && !settings.autoApprove && (
            <Callout tone="warn">
              From the moment you save, blocks are lifted without a person. Requests that wait already still
              need you.
            </Callout>
          )}
        </div>
      </Card>
      <Card title="Consent and the national registry">
        <div className="grid gap-4 p-4">
          <Checkbox
            checked={typed.consentStands}
            onChange={(event) => edit({ consentStands: event.target.checked })}
            hint="Off: the registry wins, whatever somebody has consented to. On: marketing leaves to a number on the registry for which the account has recorded consent; each message that does is written down. An opt-out from the account always wins over consent given before it."
          >
            Consent stands against the registry
          </Checkbox>
          {typed.consentStands && !settings.consentStands && (
            <Callout tone="warn">
              Whether an earlier consent stands against a later entry of the registry is not settled law. Take
              advice before you save.
            </Callout>
          )}
        </div>
      </Card>
      <ProblemCallout problem={problem} />
      <IfMay
        may="settings.change"
        otherwise={<p className="text-sm text-ink-soft">Administrators of the staff change these.</p>}
      >
        <div className="flex max-sm:*:grow">
          <Button type="submit" variant="primary" pending={isPending}>
            Save settings
          </Button>
        </div>
      </IfMay>
    </form>
  );
}
