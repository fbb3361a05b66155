import { CircleAlert } from 'lucide-react';
import { useId } from 'react';
import { Checkbox } from '@/components/ui/checkbox';

interface PermissionTickProps {
  /** The words that are kept with the request. */
  text: string;
  isTicked: boolean;
  onChange: (isTicked: boolean) => void;
  error: string | null;
}

/** The permission to send the consent SMS: nothing is sent without it. */
export function PermissionTick({ text, isTicked, onChange, error }: PermissionTickProps) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <Checkbox
        name="permission"
        checked={isTicked}
        onChange={(event) => onChange(event.target.checked)}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? id : undefined}
      >
        {text}
      </Checkbox>
      {error && (
        <p id={id} role="alert" className="flex gap-1.5 text-sm text-bad-text">
          <CircleAlert aria-hidden="true" className="mt-0.75 size-3.5 shrink-0" />
          {error}
        </p>
      )}
    </div>
  );
}
