/** The preferences as the screen works with them. */
import type { components } from '../../api/schema';

export type Preferences = components['schemas']['PreferencesPayload'];
export type AccountDecisions = NonNullable<Preferences['account']>;
export type LeadDecisions = NonNullable<Preferences['lead']>;
export type Decisions = AccountDecisions | LeadDecisions;
export type ExportedObject = 'account' | 'lead';

export const RULES = { account: ['website', 'name'], lead: ['email', 'nameAndCompany'] } as const;
export const ON_SEVERAL = ['skip', 'updateOldest', 'updateNewest', 'ask'] as const;
export const ON_READ_ONLY = ['skip', 'createNew'] as const;
export const LINK_ACCOUNT = ['off', 'link', 'create'] as const;

export type Rule = (typeof RULES)[ExportedObject][number];

/** The list with the item one place further up (-1) or down (1); as it is at the ends. */
export function moved<T>(items: readonly T[], item: T, by: -1 | 1): T[] {
  const from = items.indexOf(item);
  const to = from + by;
  if (from < 0 || to < 0 || to >= items.length) {
    return [...items];
  }
  const others = items.filter((each) => each !== item);
  return [...others.slice(0, to), item, ...others.slice(to)];
}

/** Null for no limit, undefined for what is no number of records. */
export function limitOf(text: string): number | null | undefined {
  if (text.trim() === '') {
    return null;
  }
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 && number <= 10_000_000 ? number : undefined;
}
