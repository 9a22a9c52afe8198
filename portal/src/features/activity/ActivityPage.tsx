/** Activity: audit log, connection check, limits used. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page';
import styles from './ActivityPage.module.css';
import { AuditLog } from './AuditLog';
import { ConnectionCheck } from './ConnectionCheck';
import { Limits } from './Limits';

export function ActivityPage() {
  const { t } = useTranslation('activity');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <div className={styles.beside}>
        <ConnectionCheck />
        <Limits />
      </div>
      <AuditLog />
    </Page>
  );
}
