/** How the vendor writes dates, yes and no; what stands between the items of a list. */
import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OptionProps } from './option';

export function DateOptions({ fields, change }: OptionProps) {
  const { t } = useTranslation('mapping');
  return (
    <Field label={t('options.dateFormat')} hint={t('options.dateFormatHint')}>
      <Input
        value={fields.dateFormat ?? ''}
        maxLength={40}
        placeholder="YYYY-MM-DD"
        onChange={(_, { value }) => change({ dateFormat: value || null })}
      />
    </Field>
  );
}

export function ListOptions({ fields, change }: OptionProps) {
  const { t } = useTranslation('mapping');
  return (
    <Field label={t('options.separator')}>
      <Input
        value={fields.separator ?? '; '}
        maxLength={20}
        onChange={(_, { value }) => change({ separator: value })}
      />
    </Field>
  );
}

export function FlagOptions({ fields, change }: OptionProps) {
  const { t } = useTranslation('mapping');
  return (
    <>
      <Words
        label={t('options.trueWords')}
        words={fields.trueWords ?? []}
        onChange={(trueWords) => change({ trueWords })}
      />
      <Words
        label={t('options.falseWords')}
        words={fields.falseWords ?? []}
        onChange={(falseWords) => change({ falseWords })}
      />
    </>
  );
}

function Words(props: { label: string; words: string[]; onChange: (words: string[]) => void }) {
  const { t } = useTranslation('mapping');
  // As typed: a comma at the end is no word yet, and is still to be seen.
  const [text, setText] = useState(props.words.join(', '));
  return (
    <Field label={props.label} hint={t('options.wordsHint')}>
      <Input
        value={text}
        onChange={(_, { value }) => {
          setText(value);
          props.onChange(wordsOf(value));
        }}
      />
    </Field>
  );
}

function wordsOf(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}
