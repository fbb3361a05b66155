import { clsx } from 'clsx';
import type { ReactNode } from 'react';

interface RadioCardsProps<Value extends string> {
  legend: string;
  name: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; mark?: ReactNode }[];
  /** Within a dialog: it opens with the focus on the choice. */
  autoFocus?: boolean;
  className?: string;
}

/** One choice of a few, each a card; native radio buttons, so arrow keys and screen readers know them. */
export function RadioCards<Value extends string>(props: RadioCardsProps<Value>) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{props.legend}</legend>
      <div className={clsx('grid gap-2', props.className)}>
        {props.options.map((option) => (
          <label
            key={option.value}
            className="@container flex items-center gap-2.5 rounded-md border border-control/60 bg-raised px-3 py-2 text-sm transition-colors hover:border-control has-checked:border-accent-text has-checked:bg-accent-soft has-checked:text-accent-text has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-text max-sm:gap-2 max-sm:px-2.5"
          >
            <input
              type="radio"
              name={props.name}
              value={option.value}
              checked={props.value === option.value}
              data-autofocus={(props.autoFocus && props.value === option.value) || undefined}
              onChange={() => props.onChange(option.value)}
              className="size-4 shrink-0 accent-accent focus-visible:outline-none"
            />
            <span className="grow font-medium">{option.label}</span>
            {option.mark && (
              <span
                aria-hidden="true"
                // more than a sign, as .xlsx, is left out where it would stick out of its card
                className={clsx(
                  'font-mono leading-none text-ink-faint',
                  typeof option.mark === 'string' && option.mark.length > 1
                    ? 'text-xs @max-[8.25rem]:hidden'
                    : 'text-base',
                )}
              >
                {option.mark}
              </span>
            )}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
