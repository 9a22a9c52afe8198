/** The records of the last 30 days by day: as bars, or as a table of the same numbers. */
import { Card, Subtitle2, Text, ToggleButton } from '@fluentui/react-components';
import { TableRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/ApiContext';
import { useFormat } from '../../../i18n/useFormat';
import { Loaded } from '../../../ui/Loaded';
import { LinesSkeleton } from '../../../ui/skeletons';
import { DayTable } from './DayTable';
import { byDay, DAYS, type Day, firstDay, PARTS, recordsOf } from './days';
import styles from './MonthChart.module.css';

const MOST = 1000;

export function MonthChart() {
  const { t } = useTranslation('exports');
  const [today] = useState(() => new Date());
  const [isTable, setTable] = useState(false);
  const query = { since: firstDay(today).toISOString(), limit: MOST };
  const exports = useApi().$api.useQuery('get', '/exports', { params: { query } });
  return (
    <Card className={styles.card}>
      <div className={styles.head}>
        <Subtitle2 as="h2">{t('chart.title', { days: DAYS })}</Subtitle2>
        <ToggleButton
          size="small"
          icon={<TableRegular />}
          checked={isTable}
          onClick={() => setTable(!isTable)}
        >
          {t('chart.asTable')}
        </ToggleButton>
      </div>
      <Loaded query={exports} skeleton={<ChartSkeleton />}>
        {({ items, next }) => {
          const days = byDay(items, today);
          return (
            <>
              {isTable ? <DayTable days={days} /> : <Bars days={days} />}
              {next && <Text className={styles.soft}>{t('chart.most', { most: MOST })}</Text>}
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Bars({ days }: { days: Day[] }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const most = Math.max(...days.map(recordsOf));
  const summary = t('chart.summary', {
    records: format.number(days.reduce((sum, day) => sum + recordsOf(day), 0)),
    exports: format.number(days.reduce((sum, day) => sum + day.exports, 0)),
    days: DAYS,
  });
  const [first, last] = [days.at(0)?.date, days.at(-1)?.date];
  return (
    <figure className={styles.figure}>
      <Text className={styles.soft}>{summary}</Text>
      <div className={styles.plot} role="img" aria-label={summary}>
        {days.map((day) => (
          <Bar key={day.date.getTime()} day={day} most={most} />
        ))}
      </div>
      <div className={styles.axis} aria-hidden>
        <span>{first && format.date(first)}</span>
        <span>{last && format.date(last)}</span>
      </div>
      <figcaption className={styles.legend}>
        {PARTS.map((part) => (
          <span key={part} className={styles.entry}>
            <span className={styles[part]} data-legend />
            {t(`chart.${part}`)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** As high as the chart with its axis and legend. */
function ChartSkeleton() {
  return (
    <div className={styles.skeleton}>
      <LinesSkeleton lines={6} />
    </div>
  );
}

/** As high as its share of the busiest day, in the order of the legend from the ground. */
function Bar({ day, most }: { day: Day; most: number }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const title = t('chart.day', { date: format.date(day.date), records: format.number(recordsOf(day)) });
  return (
    <div className={styles.day} title={title}>
      {PARTS.filter((part) => day[part] > 0).map((part) => (
        <div key={part} className={styles[part]} style={{ height: `${(day[part] / most) * 100}%` }} />
      ))}
    </div>
  );
}
