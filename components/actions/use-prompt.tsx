'use client';

import { useState } from 'react';
import type { ActionResult } from '@/lib/auth/schema';
import { PromptDialog, type Prompt } from './prompt-dialog';

/**
 * One dialog for all that a part of a page asks about: `ask(prompt)` opens it, `dialog` is to be rendered.
 */
export function usePrompt<Answer extends ActionResult = ActionResult>() {
  const [state, setState] = useState<{ prompt: Prompt<Answer>; opening: number; isOpen: boolean } | null>(
    null,
  );
  return {
    ask: (prompt: Prompt<Answer>) =>
      setState((current) => ({ prompt, opening: (current?.opening ?? 0) + 1, isOpen: true })),
    dialog: state && (
      <PromptDialog
        key={state.opening}
        prompt={state.prompt}
        open={state.isOpen}
        onClose={() => setState((current) => current && { ...current, isOpen: false })}
      />
    ),
  };
}
