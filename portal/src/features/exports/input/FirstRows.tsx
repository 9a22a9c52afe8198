/** The first records as a table, and which of their columns are known. */
import {
  Badge,
  Subtitle2,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/ApiContext';
import { Loaded } from '../../../ui/Loaded';
import { Scrolling } from '../../../ui/Scrolling';
import type { ObjectType } from '../draft';
import styles from './FirstRows.module.css';
import { columnsOf, type InputColumn, shown } from './fields';
import type { Input } from './input';

export function FirstRows(props: { object: ObjectType; input: Input }) {
  const { t } = useTranslation('exports');
  const path = { object: props.object };
  const fields = useApi().$api.useQuery('get', '/fields/vendor/{object}', { params: { path } });
  return (
    <>
      <Subtitle2 as="h2">{t('rows.title')}</Subtitle2>
      <Loaded query={fields}>
        {({ items }) => <Rows input={props.input} columns={columnsOf(props.input, items)} />}
      </Loaded>
    </>
  );
}

function Rows({ input, columns }: { input: Input; columns: InputColumn[] }) {
  const { t } = useTranslation('exports');
  const known = columns.filter((column) => column.field !== null).length;
  return (
    <>
      <p className={styles.soft}>
        {t(known === 0 ? 'rows.none' : 'rows.known', { known, total: columns.length })}
      </p>
      <Scrolling label={t('rows.title')}>
        <Table size="small" noNativeElements={false} className={styles.table}>
          <TableHeader>
            <TableRow>
              {columns.map((column) => (
                <TableHeaderCell key={column.title} className={styles.cell}>
                  <Title column={column} />
                </TableHeaderCell>
              ))}
            </TableRow>
          </TableHeader>
          <TableBody>
            {input.sample.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rows of an input never move
              <TableRow key={at}>
                {columns.map((column) => (
                  <TableCell key={column.title} className={styles.cell}>
                    <span className={styles.value}>{shown(row[column.title])}</span>
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Scrolling>
    </>
  );
}

function Title({ column }: { column: InputColumn }) {
  const { t } = useTranslation('exports');
  return (
    <span className={styles.title}>
      {column.title}
      {column.field ? (
        <Badge appearance="tint" color="success" size="small">
          {column.field.label}
        </Badge>
      ) : (
        <Badge appearance="tint" color="informative" size="small">
          {t('rows.unknown')}
        </Badge>
      )}
    </span>
  );
}
