/** One export, read again and again until it has ended: often while it moves, rarely while it waits. */

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useApi } from '../../api/ApiContext';
import { isTransient } from '../../api/problem';
import type { components } from '../../api/schema';

export type Export = components['schemas']['ExportPayload'];
export type OutcomeKind = components['schemas']['OutcomeKind'];

export const OUTCOMES = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const;

const SOON = 1_000;
const LATEST = 10_000;
const SLOWER = 1.5;

/** Where the cache keeps it. */
export function exportKey(id: string) {
  return ['get', '/exports/{id}', { params: { path: { id } } }] as const;
}

export function useExport(id: string) {
  const { $api } = useApi();
  const pause = usePause();
  return $api.useQuery(
    'get',
    '/exports/{id}',
    { params: { path: { id } } },
    {
      refetchInterval: ({ state }) => {
        if (state.data?.endedAt || (state.error && !isTransient(state.error))) {
          return false;
        }
        return pause(state.data);
      },
    },
  );
}

export function doneOf(found: Export): number {
  return OUTCOMES.reduce((sum, kind) => sum + found.counts[kind], 0);
}

export function isUnderWay(found: Export): boolean {
  return found.endedAt === null;
}

/** Puts what an answer said in place of what was read before. */
export function useKeepExport() {
  const queries = useQueryClient();
  return (changed: Export) => {
    queries.setQueryData(exportKey(changed.id), changed);
    void queries.invalidateQueries({ queryKey: ['get', '/exports'] });
  };
}

/** Calls back once, when an export that was seen under way has ended. */
export function useOnEnd(found: Export, onEnd: () => void) {
  const wasUnderWay = useRef(false);
  const underWay = isUnderWay(found);
  useEffect(() => {
    if (wasUnderWay.current && !underWay) {
      onEnd();
    }
    wasUnderWay.current = underWay;
  }, [underWay, onEnd]);
}

/** Milliseconds to the next look, more each time that nothing has moved. */
function usePause() {
  const before = useRef({ seen: '', pause: SOON });
  return (found: Export | undefined) => {
    const seen = found ? `${found.state} ${doneOf(found)} ${found.paused}` : '';
    if (seen !== before.current.seen) {
      before.current = { seen, pause: SOON };
    } else {
      before.current.pause = Math.min(before.current.pause * SLOWER, LATEST);
    }
    return before.current.pause;
  };
}
