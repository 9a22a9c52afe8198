/** What the mapping makes of one of the first records, for administrators: they can change it. */
import {
  Badge,
  Field,
  Select,
  Subtitle2,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/ApiContext';
import type { components } from '../../../api/schema';
import { LinkButton } from '../../../ui/LinkButton';
import { Loaded } from '../../../ui/Loaded';
import { Notice } from '../../../ui/Notice';
import { Scrolling } from '../../../ui/Scrolling';
import type { ObjectType } from '../draft';
import { columnsOf, recordOf, shown } from './fields';
import styles from './HowTheyMap.module.css';
import type { Input } from './input';

type RecordPreview = components['schemas']['RecordPreviewPayload'];

interface HowTheyMapProps {
  object: ObjectType;
  input: Input;
}

export function HowTheyMap(props: HowTheyMapProps) {
  const { t } = useTranslation('exports');
  return (
    <>
      <div className={styles.head}>
        <Subtitle2 as="h2">{t('map.title')}</Subtitle2>
        <LinkButton to={`/integrations/dynamics/mapping/${props.object}`}>{t('map.change')}</LinkButton>
      </div>
      <Loaded query={usePreview(props)}>
        {({ items }) => <Records object={props.object} records={items} />}
      </Loaded>
    </>
  );
}

function usePreview({ object, input }: HowTheyMapProps) {
  const { $api } = useApi();
  const path = { object };
  const fields = $api.useQuery('get', '/fields/vendor/{object}', { params: { path } });
  const columns = columnsOf(input, fields.data?.items ?? []);
  const records = input.sample.map((row) => recordOf(row, columns));
  return $api.useQuery(
    'post',
    '/mappings/{object}/preview',
    { params: { path }, body: { rows: null, existing: null, records, match: false } },
    { enabled: fields.isSuccess },
  );
}

function Records(props: { object: ObjectType; records: RecordPreview[] }) {
  const { t } = useTranslation('exports');
  const [chosen, setChosen] = useState(0);
  const record = props.records[chosen] ?? props.records[0];
  if (!record) {
    return null;
  }
  return (
    <>
      <Field label={t('map.record')} className={styles.choice}>
        <Select value={String(chosen)} onChange={(_, data) => setChosen(Number(data.value))}>
          {props.records.map((each, at) => (
            <option key={each.position} value={at}>
              {t('map.position', { position: each.position, id: each.vendorId })}
            </option>
          ))}
        </Select>
      </Field>
      {record.refused && (
        <Notice intent="warning" title={t('map.refused')}>
          {record.refused}
        </Notice>
      )}
      <Rows object={props.object} record={record} />
    </>
  );
}

function Rows({ object, record }: { object: ObjectType; record: RecordPreview }) {
  const { t } = useTranslation('exports');
  const { $api } = useApi();
  const path = { object };
  const columns = $api.useQuery('get', '/fields/dynamics/{object}', { params: { path } });
  const fields = $api.useQuery('get', '/fields/vendor/{object}', { params: { path } });
  const labels = new Map(columns.data?.items.map((column) => [column.name, column.label]));
  const titles = new Map(fields.data?.items.map((field) => [field.name, field.label]));
  const source = (row: RecordPreview['rows'][number]) =>
    row.vendorField
      ? (titles.get(row.vendorField) ?? row.vendorField)
      : (row.template ?? shown(row.constant));
  return (
    <Scrolling label={t('map.title')}>
      <Table size="small" noNativeElements={false} className={styles.table}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{t('map.vendorField')}</TableHeaderCell>
            <TableHeaderCell>{t('map.column')}</TableHeaderCell>
            <TableHeaderCell>{t('map.value')}</TableHeaderCell>
            <TableHeaderCell>{t('map.effect')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {record.rows
            .filter((row) => row.effect !== 'empty')
            .map((row) => (
              <TableRow key={row.row}>
                <TableCell>{source(row)}</TableCell>
                <TableCell>{labels.get(row.column) ?? row.column}</TableCell>
                <TableCell className={styles.value}>{shown(row.value ?? row.given)}</TableCell>
                <TableCell>
                  <Badge appearance="tint" color={row.effect === 'sent' ? 'success' : 'warning'}>
                    {t(`effect.${row.effect}`)}
                  </Badge>
                  {row.effect !== 'sent' && <div className={styles.reason}>{row.reason}</div>}
                </TableCell>
              </TableRow>
            ))}
        </TableBody>
      </Table>
    </Scrolling>
  );
}
