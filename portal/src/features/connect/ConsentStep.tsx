/** Step 2: one approval for all users of the directory, so that nobody is asked for it later. */
import { Button } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { SignInState } from '../../dynamics/SignInState';
import { type Begin, useSignIn } from '../../dynamics/useSignIn';
import styles from './ConnectPage.module.css';
import type { Connection } from './OrganizationStep';
import { Step } from './Step';

export function ConsentStep(props: { connection: Connection; onChanged: () => void }) {
  const { t } = useTranslation('connect');
  const { client } = useApi();
  const signIn = useSignIn(props.onChanged);
  const { connection } = props;

  const begin: Begin = async (returnUrl) => {
    const { data } = await client.POST('/connection/consent', { params: { query: { returnUrl } } });
    return data ?? { authorizationUrl: '' };
  };

  return (
    <Step number={2} title={t('consent.title')} about={t('consent.about')} isDone={connection.consentGranted}>
      <SignInState signIn={signIn} begin={begin} />
      {!connection.consentGranted && (
        <div className={styles.buttons}>
          <Button
            appearance={connection.state === 'connected' ? 'primary' : 'secondary'}
            disabledFocusable={connection.state !== 'connected' || signIn.state === 'waiting'}
            onClick={() => signIn.start(begin)}
          >
            {t('consent.grant')}
          </Button>
        </div>
      )}
    </Step>
  );
}
