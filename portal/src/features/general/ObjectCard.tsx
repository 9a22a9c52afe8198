/** What happens with accounts, or with leads: new ones, ones that Dynamics has already, doubtful ones. */
import { Card, Field, Input, Select, Subtitle2, Switch } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './GeneralForm.module.css';
import { MatchRules } from './MatchRules';
import {
  type Decisions,
  type ExportedObject,
  type LeadDecisions,
  LINK_ACCOUNT,
  limitOf,
  ON_READ_ONLY,
  ON_SEVERAL,
  type Rule,
} from './preferences';

interface ObjectCardProps {
  object: ExportedObject;
  decisions: Decisions;
  onChange: (part: Partial<LeadDecisions>) => void;
  onValid: (valid: boolean) => void;
}

export function ObjectCard({ object, decisions, onChange, onValid }: ObjectCardProps) {
  const { t } = useTranslation('general');
  const isMatched = !decisions.allowDuplicates;
  return (
    <Card className={styles.card} role="group" aria-label={t(`${object}.title`)}>
      <Subtitle2 as="h2">{t(`${object}.title`)}</Subtitle2>
      <Switch
        label={t('createNew')}
        checked={decisions.createNew ?? true}
        onChange={(_, { checked }) => onChange({ createNew: checked })}
      />
      <Switch
        label={t('lookForMatches')}
        checked={isMatched}
        onChange={(_, { checked }) => onChange({ allowDuplicates: !checked })}
      />
      {isMatched && (
        <>
          <MatchRules
            object={object}
            chosen={(decisions.matchRules ?? []) as Rule[]}
            onChange={(rules) => onChange({ matchRules: rules as LeadDecisions['matchRules'] })}
          />
          <Switch
            label={t('updateExisting')}
            checked={decisions.updateExisting ?? true}
            onChange={(_, { checked }) => onChange({ updateExisting: checked })}
          />
          <Options
            label={t('onSeveralMatches.label')}
            value={decisions.onSeveralMatches ?? 'skip'}
            options={ON_SEVERAL}
            text={(option) => t(`onSeveralMatches.${option}`)}
            onChange={(onSeveralMatches) => onChange({ onSeveralMatches })}
          />
          <Options
            label={t(`onReadOnlyMatch.${object}`)}
            value={decisions.onReadOnlyMatch ?? 'skip'}
            options={ON_READ_ONLY}
            text={(option) => t(`onReadOnlyMatch.${option}`)}
            onChange={(onReadOnlyMatch) => onChange({ onReadOnlyMatch })}
          />
        </>
      )}
      {'linkAccount' in decisions && (
        <Options
          label={t('linkAccount.label')}
          value={decisions.linkAccount ?? 'off'}
          options={LINK_ACCOUNT}
          text={(option) => t(`linkAccount.${option}`)}
          onChange={(linkAccount) => onChange({ linkAccount })}
        />
      )}
      <Limit
        value={decisions.maxRecordsPerExport ?? null}
        onChange={(maxRecordsPerExport) => onChange({ maxRecordsPerExport })}
        onValid={onValid}
      />
    </Card>
  );
}

interface OptionsProps<T extends string> {
  label: string;
  value: T;
  options: readonly T[];
  text: (option: T) => string;
  onChange: (option: T) => void;
}

function Options<T extends string>(props: OptionsProps<T>) {
  return (
    <Field label={props.label}>
      <Select value={props.value} onChange={(_, { value }) => props.onChange(value as T)}>
        {props.options.map((option) => (
          <option key={option} value={option}>
            {props.text(option)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** How many records one export may have; what is no number stays in the field, and says so. */
function Limit(props: {
  value: number | null;
  onChange: (value: number | null) => void;
  onValid: (valid: boolean) => void;
}) {
  const { t } = useTranslation('general');
  const [text, setText] = useState(String(props.value ?? ''));
  const isWrong = limitOf(text) === undefined;

  function take(entered: string) {
    setText(entered);
    const limit = limitOf(entered);
    props.onValid(limit !== undefined);
    if (limit !== undefined) {
      props.onChange(limit);
    }
  }

  return (
    <Field
      label={t('maxRecords.label')}
      hint={t('maxRecords.hint')}
      validationMessage={isWrong ? t('maxRecords.wrong') : undefined}
      validationState={isWrong ? 'error' : 'none'}
    >
      <Input inputMode="numeric" value={text} onChange={(_, { value }) => take(value)} />
    </Field>
  );
}
