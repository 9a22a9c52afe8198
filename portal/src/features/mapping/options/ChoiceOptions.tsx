/** Which choice of Dynamics each word of the vendor stands for. */
import { Button, Field, Input, Select, Text } from '@fluentui/react-components';
import { AddRegular, DeleteRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '../catalog';
import styles from './ChoiceOptions.module.css';
import type { OptionProps } from './option';

type Choice = string | number;

interface Entry {
  id: number;
  word: string;
  choice: Choice;
}

export function ChoiceOptions({ fields, change, column }: OptionProps & { column: Column }) {
  const { t } = useTranslation('mapping');
  const [entries, setEntries] = useState(() => entriesOf(fields.choices ?? {}));
  const put = (changed: Entry[]) => {
    setEntries(changed);
    change({ choices: mapOf(changed) });
  };
  return (
    <section className={styles.choices} aria-label={t('options.choices')}>
      <Text weight="semibold">{t('options.choices')}</Text>
      <Text size={200} className={styles.soft}>
        {t('options.choicesHint')}
      </Text>
      {entries.map((entry, index) => (
        <EntryLine
          key={entry.id}
          entry={entry}
          number={index + 1}
          column={column}
          onChange={(changed) => put(entries.map((each) => (each === entry ? changed : each)))}
          onRemove={() => put(entries.filter((each) => each !== entry))}
        />
      ))}
      <div>
        <Button icon={<AddRegular />} onClick={() => put([...entries, entryOf('', '')])}>
          {t('options.addChoice')}
        </Button>
      </div>
      <Field label={t('options.otherChoice')}>
        <ChoiceSelect
          column={column}
          value={fields.otherChoice ?? ''}
          none={t('options.otherChoiceNone')}
          onChange={(choice) => change({ otherChoice: choice === '' ? null : choice })}
        />
      </Field>
    </section>
  );
}

function EntryLine(props: {
  entry: Entry;
  number: number;
  column: Column;
  onChange: (entry: Entry) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation('mapping');
  const { entry, number } = props;
  return (
    <div className={styles.entry}>
      <Input
        aria-label={t('options.word', { number })}
        placeholder={t('options.wordLabel')}
        value={entry.word}
        maxLength={200}
        onChange={(_, { value }) => props.onChange({ ...entry, word: value })}
      />
      <ChoiceSelect
        label={t('options.choice', { number })}
        column={props.column}
        value={entry.choice}
        none={t('options.chooseChoice')}
        onChange={(choice) => props.onChange({ ...entry, choice })}
      />
      <Button
        appearance="subtle"
        icon={<DeleteRegular />}
        aria-label={t('options.removeChoice', { number })}
        onClick={props.onRemove}
      />
    </div>
  );
}

function ChoiceSelect(props: {
  label?: string;
  column: Column;
  value: Choice;
  none: string;
  onChange: (choice: Choice) => void;
}) {
  const { options } = props.column;
  const known = options.find(({ value, label }) => value === props.value || label === props.value);
  return (
    <Select
      aria-label={props.label}
      value={known?.value ?? props.value}
      onChange={(_, { value }) => props.onChange(value === '' ? '' : Number(value))}
    >
      <option value="">{props.none}</option>
      {!known && props.value !== '' && <option value={props.value}>{props.value}</option>}
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </Select>
  );
}

let created = 0;

function entryOf(word: string, choice: Choice): Entry {
  created += 1;
  return { id: created, word, choice };
}

function entriesOf(choices: Record<string, Choice>): Entry[] {
  return Object.entries(choices).map(([word, choice]) => entryOf(word, choice));
}

/** Only whole entries: a line that is being filled in maps nothing yet. */
function mapOf(entries: Entry[]): Record<string, Choice> {
  const whole = entries.filter(({ word, choice }) => word.trim() && choice !== '');
  return Object.fromEntries(whole.map(({ word, choice }) => [word.trim(), choice]));
}
