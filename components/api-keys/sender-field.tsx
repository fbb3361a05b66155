import { Field, Select } from '@/components/ui/field';
import { formatMsisdn } from '@/lib/sms/format-msisdn';

interface SenderFieldProps {
  /** The account's own numbers. */
  senders: readonly string[];
  /** One of them; empty: chosen for each recipient. */
  value: string;
  error: string | undefined;
  onChange: (senderNumber: string) => void;
}

/** Which number the messages of a key leave from. */
export function SenderField({ senders, value, error, onChange }: SenderFieldProps) {
  // One that is the account's no more is shown as long as it is chosen.
  const shown = value === '' || senders.includes(value) ? senders : [value, ...senders];
  return (
    <Field
      label="It sends from"
      error={error}
      hint="A number of your own, so that replies show which program wrote."
    >
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">Whichever of our numbers suits each recipient</option>
          {shown.map((number) => (
            <option key={number} value={number}>
              {nameSender(number)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** A short code as it is, a long one as a phone number. */
export function nameSender(number: string): string {
  return number.length > 8 ? formatMsisdn(number) : number;
}
