/** Where each row stands among those of its column: its priority, and whether it may go. */
import type { Catalog } from './catalog';
import type { Row } from './row';

export interface Standing {
  /** From 1; 0 where no other row feeds the column. */
  priority: number;
  /** Of how many rows of the column. */
  of: number;
  isLocked: boolean;
}

export function standings(rows: Row[], catalog: Catalog): Map<string, Standing> {
  const counts = new Map<string, number>();
  for (const { fields } of rows) {
    counts.set(fields.column ?? '', (counts.get(fields.column ?? '') ?? 0) + 1);
  }
  const seen = new Map<string, number>();
  return new Map(
    rows.map(({ key, fields }) => {
      const column = fields.column ?? '';
      const of = counts.get(column) ?? 0;
      const place = (seen.get(column) ?? 0) + 1;
      seen.set(column, place);
      const isLocked = of === 1 && catalog.columns.get(column)?.required === true;
      return [key, { priority: column && of > 1 ? place : 0, of, isLocked }];
    }),
  );
}

/** Required columns that no row feeds. */
export function unfed(rows: Row[], catalog: Catalog) {
  const fed = new Set(rows.map(({ fields }) => fields.column));
  return catalog.required.filter((column) => !fed.has(column.name));
}
