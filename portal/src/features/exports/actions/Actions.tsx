/** What can be done about an export: hold it up, end it, repeat what failed, take it back, fetch its outcomes. */
import { Button } from '@fluentui/react-components';
import {
  ArrowClockwiseRegular,
  ArrowDownloadRegular,
  ArrowExportLtrRegular,
  PauseRegular,
  PlayRegular,
} from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useApi } from '../../../api/ApiContext';
import { LinkButton } from '../../../ui/LinkButton';
import { ProblemMessage } from '../../../ui/ProblemMessage';
import { hasDraft } from '../draft';
import { type Export, isUnderWay, useKeepExport } from '../useExport';
import styles from './Actions.module.css';
import { CancelButton } from './CancelButton';
import { saveResults } from './results';
import { UndoButton } from './UndoButton';

export function Actions({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const place = useRef<HTMLDivElement>(null);
  const wasUnderWay = useRef(false);
  const underWay = isUnderWay(found);
  // Whose button is gone with the end of the export goes on with those that come in its place.
  useEffect(() => {
    if (wasUnderWay.current && !underWay && document.activeElement === document.body) {
      place.current?.focus({ preventScroll: true });
    }
    wasUnderWay.current = underWay;
  }, [underWay]);
  return (
    <section ref={place} tabIndex={-1} aria-label={t('action.label')} className={styles.place}>
      {underWay ? <WhileUnderWay found={found} /> : <Afterwards found={found} />}
    </section>
  );
}

function WhileUnderWay({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const { $api } = useApi();
  const keep = useKeepExport();
  const path = { id: found.id };
  const pause = $api.useMutation('post', '/exports/{id}/pause', { onSuccess: keep });
  const resume = $api.useMutation('post', '/exports/{id}/resume', { onSuccess: keep });
  const error = pause.error ?? resume.error;
  return (
    <>
      {error && <ProblemMessage error={error} />}
      <div className={styles.actions}>
        {found.paused ? (
          <Button
            appearance="primary"
            icon={<PlayRegular />}
            disabledFocusable={resume.isPending}
            onClick={() => resume.mutate({ params: { path } })}
          >
            {t('action.resume')}
          </Button>
        ) : (
          <Button
            icon={<PauseRegular />}
            disabledFocusable={pause.isPending}
            onClick={() => pause.mutate({ params: { path } })}
          >
            {t('action.pause')}
          </Button>
        )}
        <CancelButton found={found} />
      </div>
    </>
  );
}

function Afterwards({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const { client, $api } = useApi();
  const navigate = useNavigate();
  const retry = $api.useMutation('post', '/exports/{id}/retry', {
    onSuccess: (started) => void navigate(`/exports/${started.id}`),
  });
  const results = useMutation({ mutationFn: () => saveResults(client, found.id) });
  if (found.contentsDeleted) {
    return null;
  }
  const error = retry.error ?? results.error;
  return (
    <>
      {error && <ProblemMessage error={error} />}
      <div className={styles.actions}>
        {found.dryRun && !found.undoOf && hasDraft() && (
          <LinkButton to="/export" appearance="primary" icon={<ArrowExportLtrRegular />}>
            {t('action.forReal')}
          </LinkButton>
        )}
        {found.counts.failed > 0 && (
          <Button
            appearance="primary"
            icon={<ArrowClockwiseRegular />}
            disabledFocusable={retry.isPending}
            onClick={() => retry.mutate({ params: { path: { id: found.id } } })}
          >
            {t('action.retry', { count: found.counts.failed })}
          </Button>
        )}
        <Button
          icon={<ArrowDownloadRegular />}
          disabledFocusable={results.isPending}
          onClick={() => results.mutate()}
        >
          {t('action.download')}
        </Button>
        <UndoButton found={found} />
      </div>
    </>
  );
}
