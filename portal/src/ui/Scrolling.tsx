/** What may be wider than the screen: it scrolls by itself, by keyboard too, and the page does not. */
import type { ReactNode } from 'react';
import styles from './Scrolling.module.css';

export function Scrolling({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus the arrow keys could not scroll it
    <section className={styles.scrolling} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
