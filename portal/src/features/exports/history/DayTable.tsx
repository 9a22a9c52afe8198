/** The days on which something was exported, as numbers. */
import {
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/useFormat';
import { Scrolling } from '../../../ui/Scrolling';
import { DAYS, type Day, PARTS } from './days';
import styles from './MonthChart.module.css';

export function DayTable({ days }: { days: Day[] }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const busy = days.filter((day) => day.exports > 0).reverse();
  if (busy.length === 0) {
    return <Text className={styles.soft}>{t('chart.none')}</Text>;
  }
  return (
    <Scrolling label={t('chart.title', { days: DAYS })}>
      <Table size="small" noNativeElements={false} className={styles.table}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{t('chart.date')}</TableHeaderCell>
            <TableHeaderCell>{t('history.exports')}</TableHeaderCell>
            {PARTS.map((part) => (
              <TableHeaderCell key={part}>{t(`chart.${part}`)}</TableHeaderCell>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {busy.map((day) => (
            <TableRow key={day.date.getTime()}>
              <TableCell>{format.date(day.date)}</TableCell>
              <TableCell>{format.number(day.exports)}</TableCell>
              {PARTS.map((part) => (
                <TableCell key={part}>{format.number(day[part])}</TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Scrolling>
  );
}
