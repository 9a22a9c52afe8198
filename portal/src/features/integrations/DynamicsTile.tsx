/** The tile of Dynamics 365: where the connection stands, what needs attention, Connect or Manage. */
import {
  Badge,
  Card,
  CardFooter,
  CardHeader,
  Skeleton,
  SkeletonItem,
  Subtitle2,
  Text,
} from '@fluentui/react-components';
import { PlugConnectedRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema';
import { useAttention } from '../../dynamics/useAttention';
import { useFormat } from '../../i18n/useFormat';
import { LinkButton } from '../../ui/LinkButton';
import { Notice } from '../../ui/Notice';
import { LinesSkeleton } from '../../ui/skeletons';
import styles from './DynamicsTile.module.css';

type Connection = components['schemas']['ConnectionPayload'];

const COLORS = {
  disconnected: 'informative',
  pending: 'warning',
  connected: 'success',
  reauthorizationRequired: 'danger',
} as const;

export function DynamicsTile({ connection }: { connection: Connection }) {
  const { t } = useTranslation('integrations');
  const isConnected = connection.state === 'connected' || connection.state === 'reauthorizationRequired';
  return (
    <Card className={styles.card} role="group" aria-label={t('dynamics')}>
      <CardHeader
        image={<PlugConnectedRegular className={styles.icon} />}
        header={<Subtitle2 as="h2">{t('dynamics')}</Subtitle2>}
        description={
          <Badge appearance="tint" color={COLORS[connection.state]}>
            {t(`state.${connection.state}`)}
          </Badge>
        }
      />
      <Text>{t('about')}</Text>
      <Details connection={connection} />
      <Attention connection={connection} />
      <CardFooter className={styles.footer}>
        {isConnected ? (
          <LinkButton to="/integrations/dynamics/general" appearance="primary">
            {t('manage')}
          </LinkButton>
        ) : (
          <LinkButton to="/integrations/dynamics/connect" appearance="primary">
            {t('connect')}
          </LinkButton>
        )}
      </CardFooter>
    </Card>
  );
}

/** To which organization, and who connected when. */
function Details({ connection }: { connection: Connection }) {
  const { t } = useTranslation('integrations');
  const format = useFormat();
  if (!connection.organizationUrl) {
    return null;
  }
  return (
    <>
      <Text className={styles.soft}>
        {connection.organizationName
          ? t('organization', { name: connection.organizationName, url: connection.organizationUrl })
          : connection.organizationUrl}
      </Text>
      {connection.connectedBy && connection.connectedAt && (
        <Text size={200} className={styles.soft}>
          {t('connectedBy', { user: connection.connectedBy, when: format.dateTime(connection.connectedAt) })}
        </Text>
      )}
    </>
  );
}

function Attention({ connection }: { connection: Connection }) {
  const { t } = useTranslation('integrations');
  const sentence = useAttention(connection);
  if (!sentence) {
    return null;
  }
  return (
    <Notice intent="warning" title={t('attention')}>
      {sentence}
    </Notice>
  );
}

/** As large as the tile, so that nothing moves. */
export function TileSkeleton() {
  return (
    <Card className={styles.skeleton}>
      <Skeleton aria-hidden>
        <SkeletonItem size={32} />
      </Skeleton>
      <LinesSkeleton />
    </Card>
  );
}
