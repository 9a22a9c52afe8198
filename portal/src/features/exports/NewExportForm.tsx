/** The records, what they become, a look at how they map, and the start. */
import { Card, Field, Radio, RadioGroup, Select, Subtitle2 } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { usePerson } from '../../auth/SessionContext';
import { type Draft, type ObjectType, type OnMatch, useDraft } from './draft';
import { FirstRows } from './input/FirstRows';
import { HowTheyMap } from './input/HowTheyMap';
import { Source } from './input/Source';
import styles from './NewExportForm.module.css';
import { StartBar } from './StartBar';

const MATCHES = ['update', 'skip', 'createAnyway'] as const;

export function NewExportForm() {
  const { t } = useTranslation('exports');
  const { isAdmin } = usePerson();
  const [draft, change] = useDraft();
  return (
    <div className={styles.form}>
      <Card className={styles.card}>
        <Subtitle2 as="h2">{t('new.what')}</Subtitle2>
        <ObjectChoice object={draft.object} onChange={(object) => change({ object })} />
        <Source input={draft.input} onChange={(input) => change({ input })} />
      </Card>
      {draft.input && draft.input.sample.length > 0 && (
        <Card className={styles.card}>
          <FirstRows object={draft.object} input={draft.input} />
          {isAdmin && <HowTheyMap object={draft.object} input={draft.input} />}
        </Card>
      )}
      <Card className={styles.card}>
        <Subtitle2 as="h2">{t('new.how')}</Subtitle2>
        <MatchChoice draft={draft} onChange={(matches) => change({ matches })} />
        <StartBar draft={draft} />
      </Card>
    </div>
  );
}

function ObjectChoice(props: { object: ObjectType; onChange: (object: ObjectType) => void }) {
  const { t } = useTranslation('exports');
  const preferences = useApi().$api.useQuery('get', '/preferences');
  const leadsOnly = preferences.data?.exportObjects === 'leadsOnly';
  return (
    <Field label={t('new.object')} hint={t(leadsOnly ? 'new.leadsOnly' : 'new.objectHint')}>
      <RadioGroup
        layout="horizontal"
        value={leadsOnly ? 'lead' : props.object}
        onChange={(_, data) => props.onChange(data.value as ObjectType)}
      >
        <Radio value="lead" label={t('object.lead')} />
        <Radio value="account" label={t('object.account')} disabled={leadsOnly} />
      </RadioGroup>
    </Field>
  );
}

function MatchChoice(props: { draft: Draft; onChange: (matches: OnMatch | null) => void }) {
  const { t } = useTranslation('exports');
  return (
    <Field label={t('new.matches')} className={styles.narrow}>
      <Select
        value={props.draft.matches ?? ''}
        onChange={(_, data) => props.onChange(MATCHES.find((each) => each === data.value) ?? null)}
      >
        <option value="">{t('matches.asPreferences')}</option>
        {MATCHES.map((each) => (
          <option key={each} value={each}>
            {t(`matches.${each}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
