/** The card of one's own connection: its state, connect with the address filled in, disconnect. */
import { Badge, Button, Card, Subtitle2, Text } from '@fluentui/react-components';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';
import { ApprovalNotice } from '../../dynamics/ApprovalNotice';
import { OrganizationField } from '../../dynamics/OrganizationField';
import { SignInState } from '../../dynamics/SignInState';
import { useAttention } from '../../dynamics/useAttention';
import { type Begin, useSignIn } from '../../dynamics/useSignIn';
import { useFormat } from '../../i18n/useFormat';
import { useNotify } from '../../shell/Notifications';
import { Notice } from '../../ui/Notice';
import { ProblemMessage } from '../../ui/ProblemMessage';
import styles from './OwnConnection.module.css';

interface OwnConnectionProps {
  connection: components['schemas']['ConnectionPayload'];
  organizationUrl: string;
  onChanged: () => void;
}

export function OwnConnection({ connection, organizationUrl, onChanged }: OwnConnectionProps) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const notify = useNotify();
  const { $api, client } = useApi();
  const signIn = useSignIn(onChanged);
  const isConnected = connection.state === 'connected';
  const needsAttention = useAttention(connection);
  const disconnect = $api.useMutation('delete', '/me/connection', {
    onSuccess: () => {
      notify(t('disconnected'));
      onChanged();
    },
  });

  const begin: Begin = async (returnUrl) => {
    const { data } = await client.POST('/me/connection', {
      body: { organizationUrl, returnUrl: returnUrl ?? null },
    });
    return data ?? { authorizationUrl: '' };
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.start(begin);
  }

  return (
    <Card className={styles.card} role="group" aria-label="Dynamics 365">
      <div className={styles.head}>
        <Subtitle2 as="h2">Dynamics 365</Subtitle2>
        <Badge appearance="tint" color={isConnected ? 'success' : 'informative'}>
          {t(isConnected ? 'connected' : 'notConnected')}
        </Badge>
      </div>
      <Text>{t('about')}</Text>
      {isConnected && connection.connectedAt && (
        <Text>{t('since', { when: format.dateTime(connection.connectedAt) })}</Text>
      )}
      {needsAttention && (
        <Notice intent="warning" title={t('attention')}>
          {needsAttention}
        </Notice>
      )}
      <form onSubmit={submit} className={styles.form} noValidate>
        <OrganizationField value={organizationUrl} onChange={() => undefined} disabled />
        <SignInState signIn={signIn} begin={begin} />
        {connection.approval && <ApprovalNotice approval={connection.approval} />}
        {disconnect.error != null && <ProblemMessage error={disconnect.error} />}
        <div className={styles.buttons}>
          <Button
            type="submit"
            appearance={isConnected ? 'secondary' : 'primary'}
            disabledFocusable={signIn.state === 'waiting'}
          >
            {t(isConnected ? 'again' : 'connect')}
          </Button>
          {connection.connectedAt && <Button onClick={() => disconnect.mutate({})}>{t('disconnect')}</Button>}
        </div>
      </form>
    </Card>
  );
}
