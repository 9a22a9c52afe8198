/** Moves the focus to a part of a row, and the part into view. */
export type Part = 'handle' | 'source' | 'column' | 'options' | 'remove';

export function partId(key: string, part: Part): string {
  return `${key}-${part}`;
}

/** After the next drawing: the row may be new, or on its way to another place. */
export function focusPart(key: string, part: Part, block: ScrollLogicalPosition = 'nearest'): void {
  requestAnimationFrame(() => {
    const element = document.getElementById(partId(key, part));
    element?.scrollIntoView({ block });
    element?.focus({ preventScroll: true });
  });
}

const OF_SOURCE = /^(vendorField|constant|template)/;
const OF_OPTIONS = /^(choice|word|words|dateFormat|separator|lookup|block|option)/;

/** The part of a row that a problem is about. */
export function partOf(code: string): Part {
  if (OF_SOURCE.test(code)) {
    return 'source';
  }
  return OF_OPTIONS.test(code) ? 'options' : 'column';
}
