/** What the dry run of an undo says, as it comes. */

import { useTranslation } from 'react-i18next';
import { Loaded } from '../../../ui/Loaded';
import { Progress } from '../../../ui/Progress';
import { RouteLink } from '../RouteLink';
import { isUnderWay, OUTCOMES, useExport } from '../useExport';
import styles from './Actions.module.css';

export function UndoPlan({ id }: { id: string }) {
  const { t } = useTranslation('exports');
  return (
    <Loaded query={useExport(id)}>
      {(plan) =>
        isUnderWay(plan) ? (
          <Progress value={plan.progress} aria-label={t('undo.trying')} />
        ) : (
          <div role="status">
            <p>{t('undo.would')}</p>
            <ul className={styles.list}>
              {OUTCOMES.filter((kind) => plan.counts[kind] > 0).map((kind) => (
                <li key={kind}>{t(`undo.${kind}`, { count: plan.counts[kind] })}</li>
              ))}
            </ul>
            <RouteLink to={`/exports/${id}`}>{t('undo.each')}</RouteLink>
          </div>
        )
      }
    </Loaded>
  );
}
