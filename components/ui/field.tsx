import { clsx } from 'clsx';
import { CircleAlert } from 'lucide-react';
import { useId, type ComponentProps, type ReactNode } from 'react';

interface FieldProps {
  label: string;
  /** Said beside the label: a count, a link. */
  aside?: ReactNode;
  hint?: ReactNode;
  error?: string | null;
  /** The control gets these; they tie label, hint and error to it. */
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}

/** A control with its label, its hint and what is wrong with it. */
export function Field({ label, aside, hint, error, children }: FieldProps) {
  const id = useId();
  const describedBy = clsx(hint && `${id}-hint`, error && `${id}-error`);
  return (
    // From the top, so that controls side by side stand in a line when one of them has an error below it.
    <div className="grid content-start gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {aside && <div className="text-xs text-ink-faint tabular-nums">{aside}</div>}
      </div>
      {children({
        id,
        ...(describedBy && { 'aria-describedby': describedBy }),
        ...(error && { 'aria-invalid': true as const }),
      })}
      {error && (
        <p id={`${id}-error`} role="alert" className="flex gap-1.5 text-sm text-bad-text">
          <CircleAlert aria-hidden="true" className="mt-0.75 size-3.5 shrink-0" />
          {error}
        </p>
      )}
      {hint && (
        <div id={`${id}-hint`} className="text-xs text-ink-faint">
          {hint}
        </div>
      )}
    </div>
  );
}

const controlClass =
  'w-full rounded-md border border-control bg-raised text-ink shadow-control transition-colors placeholder:text-ink-faint hover:border-ink-faint focus-visible:border-accent-text focus-visible:outline-1 focus-visible:outline-offset-0 disabled:opacity-60 aria-invalid:border-bad-text';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={clsx(controlClass, 'h-9 px-3 max-sm:h-10', className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...rest} className={clsx(controlClass, 'block resize-y px-3 py-2', className)} />;
}

export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...rest} className={clsx(controlClass, 'h-9 px-2.5 max-sm:h-10', className)} />;
}
