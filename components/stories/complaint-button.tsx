'use client';

import { Scale } from 'lucide-react';
import { useState, type SubmitEvent, type ReactNode } from 'react';
import { startDownload } from '@/components/downloads/start-download';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { RadioCards } from '@/components/ui/radio-cards';

const formats = [
  { value: 'pdf', label: 'PDF', mark: '.pdf' },
  { value: 'csv', label: 'CSV', mark: '.csv' },
] as const;
type Format = (typeof formats)[number]['value'];

interface ComplaintPackProps {
  /** "2026-11-29" */
  today: string;
  /** Of the form, for a file that a form asks for; null: `onSubmit` asks for it. */
  action: string | null;
  onSubmit?: (choice: { from: string; to: string; format: Format }) => void;
  /** Fields that go with it. */
  children?: ReactNode;
}

/** A button, and the dialog that asks of which days, and as what. */
function ComplaintPack(props: ComplaintPackProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
        <Scale aria-hidden="true" className="size-4" />
        Complaint pack
      </Button>
      <ComplaintDialog {...props} isOpen={isOpen} onClose={() => setIsOpen(false)} />
    </>
  );
}

interface ComplaintDialogProps extends ComplaintPackProps {
  isOpen: boolean;
  onClose: () => void;
}

function ComplaintDialog({ isOpen, onClose, today, action, onSubmit, children }: ComplaintDialogProps) {
  const [from, setFrom] = useState(monthBefore(today));
  const [to, setTo] = useState(today);
  const [format, setFormat] = useState<Format>('pdf');
  const problem =
    from === '' || to === '' ? 'Choose both days.' : from > to ? 'The first day is after the last.' : null;

  function submit(event: SubmitEvent) {
    if (problem !== null) {
      event.preventDefault();
      return;
    }
    if (action === null) event.preventDefault();
    onSubmit?.({ from, to, format });
    onClose();
  }

  return (
    <Dialog
      open={isOpen}
      onClose={onClose}
      title="Complaint pack"
      description="Each message of these days with its purpose, the hour where the recipient is, what was known of cleansing, registration, registry, consent and opt-out at that moment, and the rule that decided. For the Commission, WASPA or the Information Regulator."
    >
      <form
        {...(action !== null && { method: 'post', action })}
        onSubmit={submit}
        noValidate
        className="grid gap-4 px-5 pt-1 pb-5"
      >
        {children}
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Field label="First day" error={problem}>
            {(control) => (
              <Input
                {...control}
                type="date"
                name="from"
                value={from}
                max={today}
                data-autofocus
                onChange={(event) => setFrom(event.target.value)}
              />
            )}
          </Field>
          <Field label="Last day">
            {(control) => (
              <Input
                {...control}
                type="date"
                name="to"
                value={to}
                max={today}
                onChange={(event) => setTo(event.target.value)}
              />
            )}
          </Field>
        </div>
        <RadioCards
          legend="Format"
          name="format"
          value={format}
          onChange={setFormat}
          options={formats}
          className="grid-cols-2"
        />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            Download
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What answers a complaint about what the account sent to a number. */
export function ComplaintButton({ msisdn, name, today }: { msisdn: string; name: string; today: string }) {
  return (
    <ComplaintPack
      today={today}
      action={null}
      onSubmit={({ from, to, format }) =>
        void startDownload(
          `/api/complaints/${msisdn}?${new URLSearchParams({ from, to, format })}`,
          `${name}-${from}-${to}.${format}`,
        )
      }
    />
  );
}

/** The same of all accounts, for staff: a form, since an address with the number would be kept in logs. */
export function StaffComplaintButton({ msisdn, today }: { msisdn: string; today: string }) {
  return (
    <ComplaintPack today={today} action="/api/admin/complaint">
      <input type="hidden" name="number" value={`+${msisdn}`} />
    </ComplaintPack>
  );
}

/** A month before a day, the first of which is in it. */
function monthBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 30);
  return date.toISOString().slice(0, 10);
}
