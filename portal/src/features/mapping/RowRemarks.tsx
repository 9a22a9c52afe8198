/** What Verify says about a row, below it. */
import { ErrorCircleFilled, WarningFilled } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useSentences } from '../../i18n/useSentences';
import type { Remark } from './editing';
import styles from './RowRemarks.module.css';

export function remarksId(key: string): string {
  return `${key}-remarks`;
}

export function RowRemarks(props: { id: string; problems: Remark[]; warnings: Remark[] }) {
  const { t } = useTranslation('mapping');
  const say = useSentences();
  return (
    <div id={props.id} className={styles.remarks}>
      {props.problems.map(({ code, message }) => (
        <div key={`${code} ${message}`} className={styles.problem}>
          <ErrorCircleFilled className={styles.icon} aria-label={t('row.problem')} /> {say(code, message)}
        </div>
      ))}
      {props.warnings.map(({ code, message }) => (
        <div key={`${code} ${message}`} className={styles.warning}>
          <WarningFilled className={styles.icon} aria-label={t('row.warning')} /> {say(code, message)}
        </div>
      ))}
    </div>
  );
}
