'use client';

import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { usePrompt } from '@/components/actions/use-prompt';
import { IfMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { IconButton } from '@/components/ui/icon-button';
import { showToast } from '@/components/ui/toast';
import { describePrefix } from '@/lib/carriers/labels';
import type { RouteRow } from '@/lib/carriers/schema';
import type { SystemActions } from './actions';
import { RouteDialog } from './route-dialog';

interface RoutesCardProps {
  routes: readonly RouteRow[];
  /** Names of all carriers. */
  carriers: readonly string[];
  actions: SystemActions;
}

/** Which carrier takes which numbers. */
export function RoutesCard({ routes, carriers, actions }: RoutesCardProps) {
  const { ask, dialog: prompt } = usePrompt();
  const [dialog, setDialog] = useState<{ route: RouteRow | null; opening: number; isOpen: boolean } | null>(
    null,
  );
  const open = (route: RouteRow | null) =>
    setDialog((current) => ({ route, opening: (current?.opening ?? 0) + 1, isOpen: true }));

  function askToRemove(route: RouteRow) {
    const { prefix, carrier, leavesUncovered } = route;
    const name = describePrefix(prefix);
    ask({
      title: `Remove “${name}” by ${carrier}?`,
      children: (
        <>
          <p>Its numbers go by the next route that takes them.</p>
          {leavesUncovered.length > 0 && (
            <Callout tone="warn">
              {leavesUncovered.map(describePrefix).join(', ')}: no carrier would take{' '}
              {prefix === '' ? 'these' : 'them'} any more, and their messages would wait.
            </Callout>
          )}
        </>
      ),
      submitLabel: 'Remove route',
      variant: 'danger',
      words: {
        undone: 'The route is still there.',
        unsure: 'We do not know whether the route was removed. Try again: that does no harm.',
      },
      command: () => prepareCall(actions.removeRoute, { prefix, carrier }),
      onDone: () => showToast('Route removed'),
    });
  }

  return (
    <Card
      title="Routes"
      aside={
        <IfMay may="carriers.manage">
          <Button size="small" aria-haspopup="dialog" onClick={() => open(null)}>
            <Plus aria-hidden="true" className="size-4" />
            Add a route
          </Button>
        </IfMay>
      }
    >
      <p className="px-4 pt-3 text-sm text-ink-soft">
        The longest beginning of a number decides, then the lowest priority; those that are equal share by
        weight. When a carrier is paused, drains or is away, the next takes over.
      </p>
      {routes.length === 0 ? (
        <EmptyState kind="nothing-yet" title="No routes">
          Without a route nothing leaves.
        </EmptyState>
      ) : (
        <ul className="mt-3 divide-y divide-line border-t border-line">
          {routes.map((route) => {
            const name = `${describePrefix(route.prefix)} by ${route.carrier}`;
            return (
              <li
                key={`${route.prefix} ${route.carrier}`}
                className="flex items-center gap-3 px-4 py-2 text-sm"
              >
                <span className="min-w-0 grow">
                  <span className="font-medium tabular-nums">{describePrefix(route.prefix)}</span>{' '}
                  <span className="wrap-anywhere">by {route.carrier}</span>
                  <span className="block text-xs text-ink-soft tabular-nums">
                    Priority {route.priority}, weight {route.weight}
                  </span>
                </span>
                <IfMay may="carriers.manage">
                  <span className="flex shrink-0">
                    <IconButton
                      icon={Pencil}
                      label={`Change “${name}”`}
                      aria-haspopup="dialog"
                      onClick={() => open(route)}
                    />
                    <IconButton
                      icon={Trash2}
                      label={`Remove “${name}”`}
                      aria-haspopup="dialog"
                      onClick={() => askToRemove(route)}
                    />
                  </span>
                </IfMay>
              </li>
            );
          })}
        </ul>
      )}
      {prompt}
      {dialog && (
        <RouteDialog
          key={dialog.opening}
          route={dialog.route}
          carriers={carriers}
          save={actions.saveRoute}
          open={dialog.isOpen}
          onClose={() => setDialog((current) => current && { ...current, isOpen: false })}
        />
      )}
    </Card>
  );
}
