/** What was entered for the next export: kept while other screens are looked at, gone with the page. */
import { useState } from 'react';
import type { components } from '../../api/schema';
import type { Input } from './input/input';

export type ObjectType = components['schemas']['ObjectType'];
export type OnMatch = components['schemas']['OnMatch'];

export interface Draft {
  object: ObjectType;
  matches: OnMatch | null;
  input: Input | null;
}

const EMPTY: Draft = { object: 'lead', matches: null, input: null };
let kept = EMPTY;

export function useDraft(): [Draft, (changed: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(kept);
  return [
    draft,
    (changed) => {
      kept = { ...kept, ...changed };
      setDraft(kept);
    },
  ];
}

/** What was exported need not be kept. */
export function forgetDraft(): void {
  kept = EMPTY;
}

/** Whether a dry run can be followed by the export itself. */
export function hasDraft(): boolean {
  return kept.input !== null;
}
