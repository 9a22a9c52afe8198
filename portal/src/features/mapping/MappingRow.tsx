/** One row of the mapping. It is drawn again only when something of its own changes. */
import { Badge, Select, TableCell, TableRow, Tooltip } from '@fluentui/react-components';
import { memo, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ColumnPicker } from './ColumnPicker';
import { exampleOf } from './catalog';
import { useEditor } from './EditorContext';
import type { Remark } from './editing';
import { partOf } from './focus';
import styles from './MappingRow.module.css';
import { useNames } from './names';
import { RowActions } from './RowActions';
import { RowHandle } from './RowHandle';
import { RowRemarks, remarksId } from './RowRemarks';
import type { Row } from './row';
import { SourceCell } from './SourceCell';

export interface MappingRowProps {
  row: Row;
  /** From 1. */
  number: number;
  count: number;
  /** From 1; 0 where no other row feeds the column. */
  priority: number;
  rivals: number;
  isLocked: boolean;
  problems: Remark[];
  warnings: Remark[];
  isDragged: boolean;
  canMove: boolean;
  onDrag: (event: PointerEvent, key: string) => void;
}

export const MappingRow = memo(function MappingRow(props: MappingRowProps) {
  const { t } = useTranslation('mapping');
  const { catalog } = useEditor();
  const names = useNames();
  const { row, number } = props;
  const column = catalog.columns.get(row.fields.column ?? '');
  const hasRemarks = props.problems.length + props.warnings.length > 0;
  const wrong = new Set(props.problems.map(({ code }) => partOf(code)));
  const describedBy = hasRemarks ? remarksId(row.key) : undefined;
  const example = exampleOf(catalog, row.fields);
  return (
    <TableRow
      aria-label={t('row.name', {
        number,
        source: names.source(catalog, row.fields),
        column: names.column(catalog, row.fields.column),
      })}
      className={styles.row}
      data-key={row.key}
      data-dragged={props.isDragged || undefined}
      data-wrong={props.problems.length > 0 || undefined}
    >
      <TableCell className={styles.order}>
        <RowHandle {...props} />
        {number}
      </TableCell>
      <TableCell className={styles.source}>
        <SourceCell row={row} number={number} isInvalid={wrong.has('source')} describedBy={describedBy} />
      </TableCell>
      <TableCell className={styles.example} title={example}>
        <span className={styles.cut}>{example}</span>
      </TableCell>
      <TableCell className={styles.column}>
        <div className={styles.picker}>
          <ColumnPicker row={row} number={number} isInvalid={wrong.has('column')} describedBy={describedBy} />
          {column && (
            <span className={styles.detail}>
              {names.columnDetail(column)}
              {column.required && (
                <span className={styles.required} role="img" aria-label={t('row.required')}>
                  *
                </span>
              )}
            </span>
          )}
        </div>
        {props.priority > 0 && <Priority {...props} />}
      </TableCell>
      <TableCell className={styles.update}>
        <UpdateSelect row={row} number={number} />
      </TableCell>
      <TableCell className={styles.actions}>
        <RowActions {...props} describedBy={wrong.has('options') ? describedBy : undefined} />
      </TableCell>
      {hasRemarks && (
        <TableCell className={styles.remarks}>
          <RowRemarks id={remarksId(row.key)} problems={props.problems} warnings={props.warnings} />
        </TableCell>
      )}
    </TableRow>
  );
});

function Priority({ priority, rivals }: MappingRowProps) {
  const { t } = useTranslation('mapping');
  return (
    <Tooltip content={t('row.priorityHint', { priority, count: rivals })} relationship="description">
      <Badge
        appearance="tint"
        className={styles.priority}
        role="img"
        aria-label={t('row.priority', { priority, of: rivals })}
      >
        {priority}
      </Badge>
    </Tooltip>
  );
}

function UpdateSelect({ row, number }: { row: Row; number: number }) {
  const { t } = useTranslation('mapping');
  const { edit } = useEditor();
  return (
    <Select
      aria-label={t('update.ofRow', { number })}
      value={row.fields.updateOption ?? 'fillIfMissing'}
      onChange={(_, { value }) =>
        edit({
          type: 'changed',
          key: row.key,
          fields: { ...row.fields, updateOption: value as 'fillIfMissing' },
        })
      }
    >
      <option value="fillIfMissing">{t('update.fillIfMissing')}</option>
      <option value="overwrite">{t('update.overwrite')}</option>
      <option value="createOnly">{t('update.createOnly')}</option>
    </Select>
  );
}
