import { useEffect, useRef, type ChangeEventHandler } from 'react';

interface SelectBoxProps {
  label: string;
  checked: boolean;
  /** Some of what it stands for is selected. */
  isMixed?: boolean;
  onChange: ChangeEventHandler<HTMLInputElement>;
  /** Not a stop of its own: the row it stands in has a key that does the same. */
  isWithinRow?: boolean;
}

/** The label around the box is the whole of its cell: easy to hit, and a miss does not open the row. */
export function SelectBox({ label, checked, isMixed = false, onChange, isWithinRow }: SelectBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <label className="flex h-9 w-11 items-center justify-center pl-1 max-sm:h-12 max-sm:w-12 max-sm:pl-0">
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        checked={checked}
        onChange={onChange}
        tabIndex={isWithinRow ? -1 : undefined}
        className="size-4 accent-accent"
      />
    </label>
  );
}
