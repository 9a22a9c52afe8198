/** Exports as rows, each a way to its screen. */
import {
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/useFormat';
import { Scrolling } from '../../../ui/Scrolling';
import styles from '../HistoryPage.module.css';
import { RouteLink } from '../RouteLink';
import { StateBadge } from '../StateBadge';
import type { Export } from '../useExport';

const COUNTS = ['total', 'created', 'updated', 'skipped', 'failed'] as const;

export function ExportTable({ items }: { items: Export[] }) {
  const { t } = useTranslation('exports');
  return (
    <Scrolling label={t('history.exports')}>
      <Table size="small" noNativeElements={false} className={styles.table}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.when}>{t('history.when')}</TableHeaderCell>
            <TableHeaderCell>{t('history.what')}</TableHeaderCell>
            <TableHeaderCell>{t('history.state')}</TableHeaderCell>
            <TableHeaderCell>{t('history.who')}</TableHeaderCell>
            {COUNTS.map((count) => (
              <TableHeaderCell key={count} className={styles.number}>
                {t(count === 'total' ? 'history.records' : `outcome.${count}`)}
              </TableHeaderCell>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </TableBody>
      </Table>
    </Scrolling>
  );
}

function Row({ item }: { item: Export }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const kind = item.undoOf ? 'history.undo' : item.dryRun ? 'history.dryRun' : null;
  return (
    <TableRow>
      <TableCell>
        <RouteLink to={`/exports/${item.id}`}>{format.dateTime(item.createdAt)}</RouteLink>
      </TableCell>
      <TableCell>
        {t(`object.${item.object}`)}
        {kind && (
          <Text size={200} className={styles.soft}>
            {` · ${t(kind)}`}
          </Text>
        )}
      </TableCell>
      <TableCell>
        <StateBadge found={item} />
      </TableCell>
      <TableCell>{item.requestedBy}</TableCell>
      {COUNTS.map((count) => (
        <TableCell key={count} className={styles.number}>
          {format.number(item.counts[count])}
        </TableCell>
      ))}
    </TableRow>
  );
}
