/** The form of the preferences: a draft that is saved as a whole, on the condition that nobody else saved. */
import { Button, Card, Subtitle2 } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { ApiProblem } from '../../api/problem';
import { type Tagged, tagged } from '../../api/tagged';
import { useNotify } from '../../shell/Notifications';
import { Notice } from '../../ui/Notice';
import { ProblemMessage } from '../../ui/ProblemMessage';
import { Choice } from './Choice';
import styles from './GeneralForm.module.css';
import { ObjectCard } from './ObjectCard';
import type { Preferences } from './preferences';
import { SaveBar } from './SaveBar';

interface GeneralFormProps {
  stored: Tagged<Preferences>;
  queryKey: readonly string[];
  reload: () => Promise<Tagged<Preferences>>;
}

export function GeneralForm(props: GeneralFormProps) {
  const { t } = useTranslation('general');
  // What the draft began with: a change that somebody else saves meanwhile must not be overwritten unseen.
  const [begun, setBegun] = useState(props.stored);
  const [draft, setDraft] = useState(props.stored.value);
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(begun.value);
  const save = useSave(props.queryKey, begun.etag, begin);
  if (!isChanged && begun.etag !== props.stored.etag) {
    begin(props.stored);
  }

  function begin(stored: Tagged<Preferences>) {
    setBegun(stored);
    setDraft(stored.value);
  }

  async function showTheirs() {
    begin(await props.reload());
    save.reset();
  }

  const change = (part: Partial<Preferences>) => setDraft({ ...draft, ...part });
  const mark = (object: string) => (valid: boolean) =>
    setWrong((before) => [...before.filter((each) => each !== object), ...(valid ? [] : [object])]);

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(draft);
  }

  return (
    <form onSubmit={submit} className={styles.form} noValidate>
      <Notice intent="info">{t('forEverybody')}</Notice>
      <Card className={styles.card}>
        <Subtitle2 as="h2">{t('everyExport')}</Subtitle2>
        <Choice
          label={t('exportObjects.label')}
          value={draft.exportObjects ?? 'accountsAndLeads'}
          options={['accountsAndLeads', 'leadsOnly'] as const}
          text={(option) => t(`exportObjects.${option}`)}
          onChange={(exportObjects) => change({ exportObjects })}
        />
        <Choice
          label={t('connection.label')}
          value={draft.connection ?? 'serviceAccount'}
          options={['serviceAccount', 'individual'] as const}
          text={(option) => t(`connection.${option}`)}
          onChange={(connection) => change({ connection })}
        />
      </Card>
      <div className={styles.objects}>
        {draft.exportObjects !== 'leadsOnly' && draft.account && (
          <ObjectCard
            object="account"
            decisions={draft.account}
            onChange={(account) =>
              change({ account: { ...draft.account, ...account } as Preferences['account'] })
            }
            onValid={mark('account')}
          />
        )}
        {draft.lead && (
          <ObjectCard
            object="lead"
            decisions={draft.lead}
            onChange={(lead) => change({ lead: { ...draft.lead, ...lead } as Preferences['lead'] })}
            onValid={mark('lead')}
          />
        )}
      </div>
      <Refusal error={save.error} onTheirs={() => void showTheirs()} />
      <SaveBar
        canSave={isChanged && wrong.length === 0}
        isSaving={save.isPending}
        isChanged={isChanged}
        onDiscard={() => begin(props.stored)}
      />
    </form>
  );
}

function useSave(queryKey: readonly string[], etag: string, onSaved: (saved: Tagged<Preferences>) => void) {
  const { t } = useTranslation('general');
  const { client } = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  return useMutation({
    mutationFn: async (body: Preferences) =>
      tagged(await client.PUT('/preferences', { params: { header: { 'If-Match': etag } }, body })),
    onSuccess: (saved) => {
      queries.setQueryData(queryKey, saved);
      onSaved(saved);
      notify(t('saved'));
    },
  });
}

/** What went wrong; where somebody else saved first, a way to see what they saved. */
function Refusal(props: { error: unknown; onTheirs: () => void }) {
  const { t } = useTranslation('general');
  if (!props.error) {
    return null;
  }
  const isOvertaken = props.error instanceof ApiProblem && props.error.status === 412;
  return (
    <>
      <ProblemMessage error={props.error} />
      {isOvertaken && (
        <Button className={styles.theirs} onClick={props.onTheirs}>
          {t('loadTheirs')}
        </Button>
      )}
    </>
  );
}
