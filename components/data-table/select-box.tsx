import { useEffect, useRef, type ChangeEventHandler } from 'react';

interface SelectBoxProps {
  label: string;
  checked: boolean;
  /** Some of what it stands for is selected. */
  isMixed: boolean;
  onChange: ChangeEventHandler<HTMLInputElement>;
}

/** Selects all rows. */
export function SelectBox({ label, checked, isMixed, onChange }: SelectBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <label>
      <input ref={box} type="checkbox" aria-label={label} checked={checked} onChange={onChange} />
    </label>
  );
}
