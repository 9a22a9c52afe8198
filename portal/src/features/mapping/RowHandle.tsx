/** By which a row is moved: dragged, or with the arrow keys. */
import { Button, useAnnounce } from '@fluentui/react-components';
import { ReOrderDotsVerticalRegular } from '@fluentui/react-icons';
import type { KeyboardEvent, PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditor } from './EditorContext';
import { focusPart, partId } from './focus';
import { useNames } from './names';
import styles from './RowHandle.module.css';
import type { Row } from './row';

export function RowHandle(props: {
  row: Row;
  number: number;
  count: number;
  canMove: boolean;
  onDrag: (event: PointerEvent, key: string) => void;
}) {
  const { t } = useTranslation('mapping');
  const { catalog, edit } = useEditor();
  const { announce } = useAnnounce();
  const names = useNames();
  const { row, number, count } = props;
  const source = names.source(catalog, row.fields);
  const press = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
    const to = number - 1 + step;
    if (step === 0 || to < 0 || to >= count) {
      return;
    }
    event.preventDefault();
    edit({ type: 'moved', key: row.key, to });
    announce(t('row.moved', { source, number: to + 1, count }));
    focusPart(row.key, 'handle');
  };
  return (
    <Button
      id={partId(row.key, 'handle')}
      className={styles.handle}
      appearance="transparent"
      size="small"
      icon={<ReOrderDotsVerticalRegular />}
      aria-label={t('row.move', { number, source })}
      disabled={!props.canMove}
      onKeyDown={press}
      onPointerDown={(event) => props.onDrag(event, row.key)}
    />
  );
}
