/** What one has to know beside the numbers: why it waits or failed, what a dry run is, which rows were left out. */
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/useFormat';
import { useSentences } from '../../../i18n/useSentences';
import { Notice } from '../../../ui/Notice';
import { ProblemMessage } from '../../../ui/ProblemMessage';
import { RouteLink } from '../RouteLink';
import { type Export, isUnderWay } from '../useExport';

export function Remarks({ found, error }: { found: Export; error: unknown }) {
  const { t } = useTranslation('exports');
  const say = useSentences();
  return (
    <>
      {error !== null && <ProblemMessage error={error} />}
      <Waiting found={found} />
      {found.endedAt !== null && found.problem && (
        <Notice intent={found.state === 'failed' ? 'error' : 'warning'} title={t('remark.problem')}>
          {say(null, found.problem)}
        </Notice>
      )}
      {found.dryRun && <Notice intent="info">{t('remark.dryRun')}</Notice>}
      {found.contentsDeleted && <Notice intent="info">{t('remark.contentsDeleted')}</Notice>}
      <Related found={found} />
      {found.warnings.length > 0 && (
        <Notice intent="warning" title={t('remark.warnings')}>
          {found.warnings.map((warning) => (
            <div key={`${warning.row} ${warning.code}`}>{say(warning.code, warning.message)}</div>
          ))}
        </Notice>
      )}
    </>
  );
}

function Waiting({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const say = useSentences();
  const waiting = found.waitingFor;
  // Everything waits for its turn, for a moment: the card says so.
  if (!isUnderWay(found) || waiting === null || waiting.what === 'turn') {
    return null;
  }
  return (
    <Notice intent={waiting.what === 'person' ? 'warning' : 'info'} title={t(`waiting.${waiting.what}`)}>
      {say(null, waiting.why)}
      {waiting.until && ` ${t('waiting.until', { until: format.time(waiting.until) })}`}
    </Notice>
  );
}

/** The exports that this one belongs to. */
function Related({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const related = (['retryOf', 'undoOf', 'undoneBy'] as const).filter((each) => found[each] !== null);
  return related.map((each) => (
    <Notice key={each} intent="info">
      {t(`remark.${each}`)} <RouteLink to={`/exports/${found[each]}`}>{t('remark.see')}</RouteLink>
    </Notice>
  ));
}
