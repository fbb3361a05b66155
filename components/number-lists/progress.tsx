interface ProgressProps {
  label: string;
  /** 0 to 1; null while nobody can tell. */
  value: number | null;
}

/** How far something has come. The browser's own element, which needs no inline style. */
export function Progress({ label, value }: ProgressProps) {
  return (
    <progress
      aria-label={label}
      max={1}
      {...(value !== null && { value })}
      className="block h-2 w-full appearance-none overflow-hidden rounded-full bg-hover [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-[width] [&:indeterminate]:animate-pulse"
    />
  );
}
