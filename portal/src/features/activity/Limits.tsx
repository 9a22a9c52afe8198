/** How much of each limit is used. */
import { Card, Field, ProgressBar, Subtitle2 } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';
import { useFormat } from '../../i18n/useFormat';
import { Loaded } from '../../ui/Loaded';
import { LinesSkeleton } from '../../ui/skeletons';
import styles from './ActivityPage.module.css';

type Allowance = components['schemas']['AllowancePayload'];

const NEARLY_ALL = 0.9;
const OFTEN = 15_000;

export function Limits() {
  const { t } = useTranslation('activity');
  const limits = useApi().$api.useQuery('get', '/limits', {}, { refetchInterval: OFTEN });
  return (
    <Card className={styles.card} role="group" aria-label={t('limits.title')}>
      <Subtitle2 as="h2">{t('limits.title')}</Subtitle2>
      <Loaded query={limits} skeleton={<LinesSkeleton lines={8} />}>
        {(found) => (
          <div className={styles.limits}>
            <Used label={t('limits.records')} of={found.recordsPerDay.tenant} />
            <Used label={t('limits.running')} of={found.runningExports.tenant} />
            <Used label={t('limits.ownRunning')} of={found.runningExports.user} />
            <Used label={t('limits.requests')} of={found.requestsPerMinute.tenant} />
            <Used label={t('limits.ownRequests')} of={found.requestsPerMinute.user} />
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function Used({ label, of }: { label: string; of: Allowance }) {
  const { t } = useTranslation('activity');
  const format = useFormat();
  const used = of.limit - of.left;
  const share = of.limit > 0 ? used / of.limit : 1;
  return (
    <Field
      label={label}
      validationState="none"
      validationMessage={t('limits.used', { used: format.number(used), limit: format.number(of.limit) })}
    >
      <ProgressBar value={used} max={of.limit} color={share >= NEARLY_ALL ? 'warning' : 'brand'} />
    </Field>
  );
}
