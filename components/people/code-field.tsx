import { Field, Input } from '@/components/ui/field';

interface CodeFieldProps {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  isFirst?: boolean;
}

/** Six digits that came by SMS; a phone offers them by itself. */
export function CodeField({ value, onChange, error, isFirst = false }: CodeFieldProps) {
  return (
    <Field label="Code" error={error} hint="Six digits. It works for ten minutes.">
      {(control) => (
        <Input
          {...control}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={20}
          autoFocus={isFirst}
          placeholder="123 456"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="max-w-48 text-lg tracking-widest tabular-nums"
        />
      )}
    </Field>
  );
}
