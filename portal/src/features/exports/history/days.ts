/** Exports summed up by day, in the time zone of whoever looks. */
import type { Export } from '../useExport';

export const DAYS = 30;

export interface Day {
  date: Date;
  exports: number;
  written: number;
  left: number;
  failed: number;
}

export const PARTS = ['written', 'left', 'failed'] as const;

/** Midnight at the beginning of the first of the days. */
export function firstDay(today: Date): Date {
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - DAYS + 1);
}

/** One entry a day, the oldest first; dry runs and undos exported nothing. */
export function byDay(items: readonly Export[], today: Date): Day[] {
  const first = firstDay(today);
  const days = Array.from({ length: DAYS }, (_, at) => emptyDay(first, at));
  const places = new Map(days.map((day) => [day.date.toDateString(), day]));
  for (const each of items.filter((item) => !item.dryRun && item.undoOf === null)) {
    const day = places.get(new Date(each.createdAt).toDateString());
    if (day) {
      day.exports += 1;
      day.written += each.counts.created + each.counts.updated;
      day.left += each.counts.unchanged + each.counts.skipped;
      day.failed += each.counts.failed;
    }
  }
  return days;
}

export function recordsOf(day: Day): number {
  return day.written + day.left + day.failed;
}

function emptyDay(first: Date, at: number): Day {
  const date = new Date(first.getFullYear(), first.getMonth(), first.getDate() + at);
  return { date, exports: 0, written: 0, left: 0, failed: 0 };
}
