/** Entries of the audit log as rows. */
import {
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema';
import { useFormat } from '../../i18n/useFormat';
import { Scrolling } from '../../ui/Scrolling';
import styles from './ActivityPage.module.css';
import { actionKey } from './actions';

const SERVICE = '(service)';

export function AuditTable({ items }: { items: components['schemas']['AuditPayload'][] }) {
  const { t } = useTranslation('activity');
  const format = useFormat();
  return (
    <Scrolling label={t('audit.title')}>
      <Table size="small" noNativeElements={false} className={styles.table}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.when}>{t('audit.when')}</TableHeaderCell>
            <TableHeaderCell>{t('audit.who')}</TableHeaderCell>
            <TableHeaderCell>{t('audit.what')}</TableHeaderCell>
            <TableHeaderCell>{t('audit.subject')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {items.map((item) => (
            <TableRow key={item.id}>
              <TableCell>{format.dateTime(item.at)}</TableCell>
              <TableCell className={styles.cell}>
                {item.actor === SERVICE ? t('audit.service') : item.actor}
              </TableCell>
              <TableCell className={styles.cell}>{t(actionKey(item.action))}</TableCell>
              <TableCell className={styles.cell}>{item.subject}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Scrolling>
  );
}
