/** A place where there is nothing yet: why, and what to do. */
import { Subtitle2, Text } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

export function EmptyState(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <Subtitle2 as="h2">{props.title}</Subtitle2>
      {props.children && <Text>{props.children}</Text>}
      {props.action}
    </div>
  );
}
