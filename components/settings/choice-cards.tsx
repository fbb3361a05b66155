interface ChoiceCardsProps<Value extends string> {
  legend: string;
  name: string;
  value: Value;
  options: readonly { value: Value; label: string; text: string }[];
  onChange: (value: Value) => void;
}

/** One choice of a few that each need a sentence. */
export function ChoiceCards<Value extends string>(props: ChoiceCardsProps<Value>) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{props.legend}</legend>
      <div className="grid gap-2">
        {props.options.map(({ value, label, text }) => (
          <label
            key={value}
            className="flex gap-3 rounded-md border border-control/60 bg-raised px-3.5 py-3 text-sm transition-colors hover:border-control has-checked:border-accent-text has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-text"
          >
            <input
              type="radio"
              name={props.name}
              value={value}
              checked={props.value === value}
              onChange={() => props.onChange(value)}
              aria-describedby={`${props.name}-${value}`}
              aria-label={label}
              className="mt-0.5 size-4 shrink-0 accent-accent focus-visible:outline-none"
            />
            <span>
              <span className="block font-medium">{label}</span>
              <span id={`${props.name}-${value}`} className="block text-pretty text-ink-soft">
                {text}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
