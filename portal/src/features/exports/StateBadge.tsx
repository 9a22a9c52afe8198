/** Where an export stands, as a word in its colour. */
import { Badge } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Export } from './useExport';

const COLORS = {
  queued: 'informative',
  running: 'brand',
  waiting: 'warning',
  paused: 'warning',
  succeeded: 'success',
  completedWithErrors: 'warning',
  failed: 'danger',
  cancelled: 'informative',
} as const;

export function StateBadge({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const state = stateOf(found);
  return (
    <Badge appearance="tint" color={COLORS[state]}>
      {t(`state.${state}`)}
    </Badge>
  );
}

/** The state as people speak of it: held up by somebody, or waiting for something, is neither queued nor running. */
export function stateOf(found: Export): keyof typeof COLORS {
  if (found.endedAt !== null) {
    return found.state;
  }
  if (found.paused) {
    return 'paused';
  }
  const waits = found.waitingFor?.what;
  return waits === 'person' || waits === 'dynamics' ? 'waiting' : found.state;
}
