/** Starts the export or a dry run of it, and shows how far a large file is. */
import { Button, Field } from '@fluentui/react-components';
import { ArrowExportLtrRegular, BeakerRegular } from '@fluentui/react-icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useApi } from '../../api/ApiContext';
import { useFormat } from '../../i18n/useFormat';
import { ProblemMessage } from '../../ui/ProblemMessage';
import { Progress } from '../../ui/Progress';
import { type Draft, forgetDraft } from './draft';
import { start } from './input/sending';
import styles from './NewExportForm.module.css';

export function StartBar({ draft }: { draft: Draft }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const { begin, stop, share, sending } = useStart(draft);
  const isReady = draft.input !== null && !sending.isPending;
  return (
    <>
      {share !== null && (
        <Field
          validationState="none"
          validationMessage={t('new.uploading', { share: format.percent(share) })}
        >
          <Progress value={share} aria-label={t('new.upload')} />
        </Field>
      )}
      {sending.isError && !isStopped(sending.error) && <ProblemMessage error={sending.error} />}
      <div className={styles.bar}>
        <Button
          appearance="primary"
          icon={<ArrowExportLtrRegular />}
          disabledFocusable={!isReady}
          onClick={() => begin(false)}
        >
          {t(sending.isPending ? 'new.starting' : 'new.start')}
        </Button>
        <Button icon={<BeakerRegular />} disabledFocusable={!isReady} onClick={() => begin(true)}>
          {t('new.dryRun')}
        </Button>
        {sending.isPending && <Button onClick={stop}>{t('new.stop')}</Button>}
        <span className={styles.soft}>{t(draft.input ? 'new.dryRunHint' : 'new.chooseFirst')}</span>
      </div>
    </>
  );
}

function useStart(draft: Draft) {
  const { client } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [share, setShare] = useState<number | null>(null);
  const stopper = useRef<AbortController>(null);
  const keyOf = useOrderKey();
  const sending = useMutation({
    mutationFn: (dryRun: boolean) => {
      if (draft.input === null) {
        throw new Error('There is nothing to export.');
      }
      stopper.current = new AbortController();
      const { input, object, matches } = draft;
      const order = { input, object, matches, dryRun, key: keyOf(draft, dryRun) };
      return start(client, order, setShare, stopper.current.signal);
    },
    onSuccess: (started, dryRun) => {
      if (!dryRun) {
        forgetDraft();
      }
      void queries.invalidateQueries({ queryKey: ['get', '/exports'] });
      void navigate(`/exports/${started.id}`);
    },
    onSettled: () => setShare(null),
  });
  return { begin: sending.mutate, stop: () => stopper.current?.abort(), share, sending };
}

/** The same key for the same order, so that it can be sent again when its answer was lost. */
function useOrderKey() {
  const latest = useRef({ content: '', key: '', input: null as Draft['input'] });
  return (draft: Draft, dryRun: boolean) => {
    const content = JSON.stringify([draft.object, draft.matches, dryRun]);
    if (latest.current.content !== content || latest.current.input !== draft.input) {
      latest.current = { content, input: draft.input, key: crypto.randomUUID() };
    }
    return latest.current.key;
  };
}

function isStopped(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
