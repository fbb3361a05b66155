import { Field, Input } from '@/components/ui/field';

interface TimeFieldsProps {
  /** "2026-12-24" */
  date: string;
  /** "09:30" */
  time: string;
  timeZone: string;
  /** What is wrong, by "date" and "time". */
  problems: Readonly<Record<string, string | undefined>>;
  onChange: (change: { date?: string; time?: string }) => void;
}

/** A day and a time of the account's clocks. */
export function TimeFields({ date, time, timeZone, problems, onChange }: TimeFieldsProps) {
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2">
      <Field label="Day" error={problems.date}>
        {(control) => (
          <Input
            {...control}
            type="date"
            name="date"
            value={date}
            onChange={(event) => onChange({ date: event.target.value })}
          />
        )}
      </Field>
      <Field label="Time" error={problems.time} hint={`In ${timeZone.replaceAll('_', ' ')}.`}>
        {(control) => (
          <Input
            {...control}
            type="time"
            name="time"
            value={time}
            onChange={(event) => onChange({ time: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
