import type { ComponentProps, ReactNode } from 'react';

type CheckboxProps = Omit<ComponentProps<'input'>, 'type' | 'children'> & {
  /** What it says, the whole of it to press. */
  children: ReactNode;
  hint?: ReactNode;
};

export function Checkbox({ children, hint, ...rest }: CheckboxProps) {
  return (
    <label className="flex items-start gap-2.5 py-1 text-sm">
      <input {...rest} type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span className="min-w-0">
        {children}
        {hint && <span className="block text-xs text-ink-faint">{hint}</span>}
      </span>
    </label>
  );
}
