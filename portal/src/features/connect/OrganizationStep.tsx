/** Step 1: which organization, and the sign-in of a Global Admin. */
import { Button, Text } from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';
import { ApprovalNotice } from '../../dynamics/ApprovalNotice';
import { OrganizationField } from '../../dynamics/OrganizationField';
import { organizationUrlOf } from '../../dynamics/organizationUrl';
import { SignInState } from '../../dynamics/SignInState';
import { useAttention } from '../../dynamics/useAttention';
import { type Begin, useSignIn } from '../../dynamics/useSignIn';
import { useFormat } from '../../i18n/useFormat';
import { Notice } from '../../ui/Notice';
import styles from './ConnectPage.module.css';
import { Disconnect } from './Disconnect';
import { Step } from './Step';

export type Connection = components['schemas']['ConnectionPayload'];

export function OrganizationStep(props: { connection: Connection; onChanged: () => void }) {
  const { t } = useTranslation('connect');
  const { client } = useApi();
  const { connection } = props;
  const [address, setAddress] = useState(connection.organizationUrl ?? '');
  const signIn = useSignIn(props.onChanged);
  const isConnected = connection.state === 'connected';
  const needsAttention = useAttention(connection);

  const begin: Begin = async (returnUrl) => {
    const body = { organizationUrl: address, returnUrl: returnUrl ?? null };
    const { data } = await client.POST('/connection', { body });
    return data ?? { authorizationUrl: '' };
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.start(begin);
  }

  return (
    <Step number={1} title={t('organization.title')} about={t('organization.about')} isDone={isConnected}>
      <Connected connection={connection} />
      {needsAttention && (
        <Notice intent="warning" title={t('attention')}>
          {needsAttention}
        </Notice>
      )}
      <form onSubmit={submit} className={styles.form} noValidate>
        <OrganizationField value={address} onChange={setAddress} />
        <SignInState signIn={signIn} begin={begin} />
        {connection.approval && <ApprovalNotice approval={connection.approval} />}
        <div className={styles.buttons}>
          <Button
            type="submit"
            appearance={isConnected ? 'secondary' : 'primary'}
            disabledFocusable={organizationUrlOf(address) === null || signIn.state === 'waiting'}
          >
            {isConnected ? t('organization.again') : t('organization.signIn')}
          </Button>
          {connection.organizationUrl && <Disconnect onDone={props.onChanged} />}
        </div>
      </form>
    </Step>
  );
}

function Connected({ connection }: { connection: Connection }) {
  const { t } = useTranslation('connect');
  const format = useFormat();
  if (connection.state !== 'connected' || !connection.connectedAt) {
    return null;
  }
  return (
    <Text>
      {t('organization.connected', {
        name: connection.organizationName ?? connection.organizationUrl,
        account: connection.account ?? connection.connectedBy,
        when: format.dateTime(connection.connectedAt),
      })}
    </Text>
  );
}
