/** Moves a row along with the pointer. The row that is dragged changes its place as soon as it passes another. */
import { type PointerEvent as ReactPointerEvent, type RefObject, useCallback, useState } from 'react';

/** So close to the edge of the window the page begins to scroll. */
const EDGE = 96;
const STEP = 14;

export interface Dragging {
  dragged: string | null;
  start: (event: ReactPointerEvent, key: string) => void;
}

export function useDragging(
  rows: RefObject<HTMLElement | null>,
  move: (key: string, to: number) => void,
): Dragging {
  const [dragged, setDragged] = useState<string | null>(null);
  const start = useCallback(
    (event: ReactPointerEvent, key: string) => {
      if (event.button !== 0 || event.currentTarget.hasAttribute('disabled')) {
        return;
      }
      // The browser would move the pointer's events to the handle, which is taken out of the page on its way.
      event.currentTarget.releasePointerCapture(event.pointerId);
      setDragged(key);
      const follow = ({ clientY }: PointerEvent) => {
        scrollNearEdge(clientY);
        const to = placeAt(rows.current, key, clientY);
        if (to !== null) {
          move(key, to);
        }
      };
      const end = () => {
        setDragged(null);
        window.removeEventListener('pointermove', follow);
        window.removeEventListener('pointerup', end);
        window.removeEventListener('pointercancel', end);
      };
      window.addEventListener('pointermove', follow);
      window.addEventListener('pointerup', end);
      window.addEventListener('pointercancel', end);
    },
    [rows, move],
  );
  return { dragged, start };
}

/** How many other rows are above the pointer; null where the row stands there already. */
function placeAt(table: HTMLElement | null, key: string, y: number): number | null {
  const all = [...(table?.querySelectorAll<HTMLElement>('[data-key]') ?? [])];
  const now = all.findIndex((row) => row.dataset.key === key);
  const others = all.filter((_, index) => index !== now);
  const to = others.filter((row) => middleOf(row) < y).length;
  return to === now ? null : to;
}

function middleOf(row: HTMLElement): number {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

function scrollNearEdge(y: number): void {
  if (y < EDGE) {
    window.scrollBy(0, -STEP);
  } else if (y > window.innerHeight - EDGE) {
    window.scrollBy(0, STEP);
  }
}
