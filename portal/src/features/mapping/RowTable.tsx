/** The rows of the mapping: vendor fields on the left, Dynamics fields on the right. */
import { Table, TableBody, TableHeader, TableHeaderCell, TableRow } from '@fluentui/react-components';
import { useCallback, useDeferredValue, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditor } from './EditorContext';
import type { Editing, Remark } from './editing';
import { MappingRow } from './MappingRow';
import styles from './MappingRow.module.css';
import type { Row } from './row';
import { standings } from './standing';
import { useDragging } from './useDragging';

/** What is drawn at once; the others follow while the page can be used already. */
const FIRST = 20;
const NOTHING: Remark[] = [];

export function RowTable(props: { state: Editing; shown: Row[] }) {
  const { catalog, edit } = useEditor();
  const { state, shown } = props;
  const count = useDeferredValue(Number.POSITIVE_INFINITY, FIRST);
  const body = useRef<HTMLDivElement>(null);
  const move = useCallback((key: string, to: number) => edit({ type: 'moved', key, to }), [edit]);
  const { dragged, start } = useDragging(body, move);
  const standing = useMemo(() => standings(state.rows, catalog), [state.rows, catalog]);
  const numbers = useMemo(() => new Map(state.rows.map(({ key }, index) => [key, index + 1])), [state.rows]);
  const problems = useMemo(() => byRow(state.problems), [state.problems]);
  const warnings = useMemo(() => byRow(state.warnings), [state.warnings]);
  const isWhole = shown.length === state.rows.length;
  return (
    <div className={styles.frame}>
      <Table noNativeElements aria-label={useTranslation('mapping').t('table')} className={styles.table}>
        <Head />
        <TableBody ref={body}>
          {shown.slice(0, count).map((row) => (
            <MappingRow
              key={row.key}
              row={row}
              number={numbers.get(row.key) ?? 0}
              count={state.rows.length}
              priority={standing.get(row.key)?.priority ?? 0}
              rivals={standing.get(row.key)?.of ?? 1}
              isLocked={standing.get(row.key)?.isLocked ?? false}
              problems={problems.get(row.key) ?? NOTHING}
              warnings={warnings.get(row.key) ?? NOTHING}
              isDragged={dragged === row.key}
              canMove={isWhole}
              onDrag={start}
            />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function Head() {
  const { t } = useTranslation('mapping');
  return (
    <TableHeader className={styles.head}>
      <TableRow className={styles.row}>
        <TableHeaderCell className={styles.order}>{t('head.order')}</TableHeaderCell>
        <TableHeaderCell className={styles.source}>{t('head.vendor')}</TableHeaderCell>
        <TableHeaderCell className={styles.example}>{t('head.example')}</TableHeaderCell>
        <TableHeaderCell className={styles.column}>{t('head.dynamics')}</TableHeaderCell>
        <TableHeaderCell className={styles.update}>{t('head.update')}</TableHeaderCell>
        <TableHeaderCell className={styles.actions}>{t('head.actions')}</TableHeaderCell>
      </TableRow>
    </TableHeader>
  );
}

function byRow(remarks: Remark[]): Map<string, Remark[]> {
  const grouped = new Map<string, Remark[]>();
  for (const remark of remarks) {
    if (remark.key !== null) {
      grouped.set(remark.key, [...(grouped.get(remark.key) ?? []), remark]);
    }
  }
  return grouped;
}
