/** Lets on who can export; everybody else reads what comes first. */
import { Card } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';
import { usePerson } from '../../auth/SessionContext';
import { useAttention } from '../../dynamics/useAttention';
import { EmptyState } from '../../ui/EmptyState';
import { LinkButton } from '../../ui/LinkButton';
import { Loaded } from '../../ui/Loaded';
import { Notice } from '../../ui/Notice';
import { LinesSkeleton } from '../../ui/skeletons';

type Connection = components['schemas']['ConnectionPayload'];

export function ReadyToExport({ children }: { children: ReactNode }) {
  const { t } = useTranslation('exports');
  const query = useApi().$api.useQuery('get', '/connection');
  return (
    <Loaded query={query} skeleton={<FormSkeleton />}>
      {(connection) => {
        if (connection.state === 'disconnected' || connection.state === 'pending') {
          return <NotConnected />;
        }
        if (!connection.enabled) {
          return <EmptyState title={t('ready.off.title')}>{t('ready.off.detail')}</EmptyState>;
        }
        return (
          <>
            <Attention connection={connection} />
            <OwnConnection>{children}</OwnConnection>
          </>
        );
      }}
    </Loaded>
  );
}

function NotConnected() {
  const { t } = useTranslation('exports');
  const { isAdmin } = usePerson();
  if (!isAdmin) {
    return <EmptyState title={t('ready.none.title')}>{t('ready.none.user')}</EmptyState>;
  }
  return (
    <EmptyState
      title={t('ready.none.title')}
      action={
        <LinkButton to="/integrations/dynamics/connect" appearance="primary">
          {t('ready.none.connect')}
        </LinkButton>
      }
    >
      {t('ready.none.admin')}
    </EmptyState>
  );
}

/** Exports are accepted, and wait until somebody has put the connection right. */
function Attention({ connection }: { connection: Connection }) {
  const { t } = useTranslation('exports');
  const sentence = useAttention(connection);
  return (
    sentence && (
      <Notice intent="warning" title={t('ready.attention')}>
        {sentence}
      </Notice>
    )
  );
}

/** Where everybody exports under their own name, they connect first. */
function OwnConnection({ children }: { children: ReactNode }) {
  const { t } = useTranslation('exports');
  const { $api } = useApi();
  const preferences = $api.useQuery('get', '/preferences');
  const isIndividual = preferences.data?.connection === 'individual';
  const own = $api.useQuery('get', '/me/connection', {}, { enabled: isIndividual });
  if (!isIndividual || own.data?.state === 'connected') {
    return children;
  }
  return (
    <Loaded query={own} skeleton={<FormSkeleton />}>
      {() => (
        <EmptyState
          title={t('ready.own.title')}
          action={
            <LinkButton to="/settings/integrations" appearance="primary">
              {t('ready.own.connect')}
            </LinkButton>
          }
        >
          {t('ready.own.detail')}
        </EmptyState>
      )}
    </Loaded>
  );
}

function FormSkeleton() {
  return (
    <Card>
      <LinesSkeleton lines={6} />
    </Card>
  );
}
