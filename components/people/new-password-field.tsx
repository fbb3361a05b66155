import { Check } from 'lucide-react';
import { Field } from '@/components/ui/field';
import { PasswordInput } from '@/components/ui/password-input';
import { minPasswordLength } from '@/lib/people/schema';

interface NewPasswordFieldProps {
  label?: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}

/**
 * A password that is being chosen. Whether it is a known one is told when the form is sent: it leaves the
 * browser once.
 */
export function NewPasswordField({ label = 'Password', value, onChange, error }: NewPasswordFieldProps) {
  const length = [...value].length;
  return (
    <Field
      label={label}
      error={error}
      aside={
        length >= minPasswordLength ? (
          <span className="flex items-center gap-1 text-good-text">
            <Check aria-hidden="true" className="size-3.5" /> Long enough
          </span>
        ) : (
          length > 0 && `${length} of ${minPasswordLength}`
        )
      }
      hint={`At least ${minPasswordLength} characters; a few words in a row make a good one.`}
    >
      {(control) => (
        <PasswordInput
          {...control}
          name="password"
          autoComplete="new-password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
