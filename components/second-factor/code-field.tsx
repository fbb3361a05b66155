import { Field, Input } from '@/components/ui/field';

interface CodeFieldProps {
  value: string;
  onChange: (value: string) => void;
  label?: string;
  hint?: string;
  kind?: 'app' | 'recovery';
  autoFocus?: boolean;
}

/** A code of an app, or one from paper. */
export function CodeField({ value, onChange, label, hint, kind = 'app', autoFocus }: CodeFieldProps) {
  const isOfApp = kind === 'app';
  return (
    <Field label={label ?? (isOfApp ? 'Code from the app' : 'Recovery code')} hint={hint}>
      {(control) => (
        <Input
          {...control}
          name={isOfApp ? 'code' : 'recovery-code'}
          inputMode={isOfApp ? 'numeric' : 'text'}
          autoComplete={isOfApp ? 'one-time-code' : 'off'}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          maxLength={40}
          autoFocus={autoFocus}
          data-autofocus={autoFocus ? true : undefined}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="font-mono tracking-wider"
        />
      )}
    </Field>
  );
}
