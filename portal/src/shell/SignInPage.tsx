/** What whoever is not signed in sees. */
import { Body1, Button, Card, Subtitle2, Title2 } from '@fluentui/react-components';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession, useSessionState } from '../auth/SessionContext';
import { Notice } from '../ui/Notice';
import { AccountMenu } from './AccountMenu';
import styles from './SignInPage.module.css';
import { useVendorName } from './VendorName';

export function SignInPage() {
  const { t } = useTranslation();
  const session = useSession();
  const { problem } = useSessionState();
  const vendor = useVendorName();
  useEffect(() => {
    document.title = `${t('signIn.button')} · ${vendor}`;
  }, [t, vendor]);
  return (
    <main className={styles.page}>
      <Card className={styles.card}>
        <Subtitle2>{vendor}</Subtitle2>
        <Title2 as="h1">{t('signIn.title')}</Title2>
        <Body1>{t('signIn.detail')}</Body1>
        {problem && (
          <Notice intent={problem === 'cancelled' ? 'info' : 'error'}>{t(`signIn.${problem}`)}</Notice>
        )}
        <div className={styles.buttons}>
          <Button appearance="primary" onClick={() => void session.signIn()}>
            {t('signIn.button')}
          </Button>
          <AccountMenu trigger={<Button appearance="subtle">{t('appearance')}</Button>} />
        </div>
      </Card>
    </main>
  );
}
