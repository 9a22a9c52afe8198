/** Everything is set up: what an administrator does next. */
import { Card, Subtitle2, Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../ui/LinkButton';
import styles from './ConnectPage.module.css';
import type { Connection } from './OrganizationStep';

export function Congratulations({ connection }: { connection: Connection }) {
  const { t } = useTranslation('connect');
  return (
    <li>
      <Card
        className={styles.step}
        appearance="filled-alternative"
        role="group"
        aria-label={t('congratulations.title')}
      >
        <Subtitle2 as="h2">{t('congratulations.title')}</Subtitle2>
        <Text>
          {t('congratulations.detail', { name: connection.organizationName ?? connection.organizationUrl })}
        </Text>
        <div className={styles.buttons}>
          <LinkButton to="/integrations/dynamics/mapping" appearance="primary">
            {t('congratulations.mapping')}
          </LinkButton>
          <LinkButton to="/integrations/dynamics/general">{t('congratulations.general')}</LinkButton>
          <LinkButton to="/export">{t('congratulations.export')}</LinkButton>
        </div>
      </Card>
    </li>
  );
}
