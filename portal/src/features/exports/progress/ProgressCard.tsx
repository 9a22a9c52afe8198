/** How far an export is: its state, a bar, counts by outcome, speed and time left. */
import { Card, Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/useFormat';
import { Progress } from '../../../ui/Progress';
import { StateBadge } from '../StateBadge';
import { doneOf, type Export, isUnderWay } from '../useExport';
import { Counts } from './Counts';
import styles from './ProgressCard.module.css';
import { useDuration } from './useDuration';

const BAR_COLORS = {
  queued: 'brand',
  running: 'brand',
  succeeded: 'success',
  completedWithErrors: 'warning',
  failed: 'error',
  cancelled: 'brand',
} as const;

export function ProgressCard({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const { total } = found.counts;
  return (
    <Card className={styles.card} role="group" aria-label={t('progress.label')}>
      <div className={styles.head}>
        <StateBadge found={found} />
        <Text className={styles.soft}>
          {t('progress.startedBy', { user: found.requestedBy, when: format.dateTime(found.createdAt) })}
        </Text>
      </div>
      <Progress
        value={found.progress}
        thickness="large"
        color={BAR_COLORS[found.state]}
        aria-label={t('progress.label')}
      />
      <div className={styles.facts}>
        <Text weight="semibold">
          {total > 0
            ? t('progress.done', {
                done: format.number(doneOf(found)),
                total: format.number(total),
                share: format.percent(found.progress),
              })
            : t(isUnderWay(found) ? 'progress.reading' : 'progress.nothing')}
        </Text>
        <Pace found={found} />
      </div>
      <Counts counts={found.counts} isUndo={found.undoOf !== null} />
      <div role="status" className={styles.spoken}>
        <Spoken found={found} />
      </div>
    </Card>
  );
}

/** What is read out: that it waits, and for what, and that it has ended; numbers would interrupt all the time. */
function Spoken({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  if (!isUnderWay(found)) {
    return t('progress.ended', { state: t(`state.${found.state}`) });
  }
  const waits = found.waitingFor?.what ?? 'turn';
  return waits === 'turn' ? '' : t(`waiting.${waits}`);
}

/** While it runs: how fast, and for how long yet. Afterwards: how long it took. */
function Pace({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const duration = useDuration();
  if (found.endedAt !== null) {
    const seconds = (Date.parse(found.endedAt) - Date.parse(found.startedAt ?? found.createdAt)) / 1000;
    return <Text className={styles.soft}>{t('progress.took', { duration: duration(seconds) })}</Text>;
  }
  const parts = [
    found.recordsPerSecond !== null &&
      t('progress.speed', { speed: format.number(Math.round(found.recordsPerSecond * 10) / 10) }),
    found.secondsLeft !== null && t('progress.left', { duration: duration(found.secondsLeft) }),
    found.throttledUntil !== null && t('progress.throttled', { until: format.time(found.throttledUntil) }),
  ];
  return <Text className={styles.soft}>{parts.filter(Boolean).join(' · ')}</Text>;
}
