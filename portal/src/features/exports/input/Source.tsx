/** Where the records come from: a file, chosen or dropped, or a text that is pasted. */
import { Field, Tab, TabList, Text, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FileChoice } from './FileChoice';
import { type Defect, type Input, inputOfFile, inputOfText, Unreadable } from './input';
import styles from './Source.module.css';

interface SourceProps {
  input: Input | null;
  onChange: (input: Input | null) => void;
}

export function Source(props: SourceProps) {
  const { t } = useTranslation('exports');
  const [isPasted, setPasted] = useState(props.input !== null && props.input.name === null);
  const [defect, setDefect] = useState<Defect | null>(null);

  function take(read: () => Input | Promise<Input>) {
    setDefect(null);
    return Promise.resolve()
      .then(read)
      .then(props.onChange)
      .catch((error: unknown) => {
        props.onChange(null);
        setDefect(error instanceof Unreadable ? error.defect : 'notJson');
      });
  }

  function show(tab: unknown) {
    setPasted(tab === 'paste');
    setDefect(null);
    props.onChange(null);
  }

  const message = defect ? t(`defect.${defect}`) : undefined;
  return (
    <div className={styles.source}>
      <TabList
        selectedValue={isPasted ? 'paste' : 'file'}
        onTabSelect={(_, data) => show(data.value)}
        aria-label={t('input.label')}
      >
        <Tab value="file">{t('input.file')}</Tab>
        <Tab value="paste">{t('input.paste')}</Tab>
      </TabList>
      {isPasted ? (
        <Pasted
          message={message}
          onText={(text) => (text.trim() === '' ? props.onChange(null) : void take(() => inputOfText(text)))}
        />
      ) : (
        <FileChoice
          input={props.input}
          message={message}
          onFile={(file) => void take(() => inputOfFile(file))}
        />
      )}
      <Found input={props.input} />
    </div>
  );
}

function Pasted(props: { message?: string; onText: (text: string) => void }) {
  const { t } = useTranslation('exports');
  return (
    <Field
      label={t('input.pasteLabel')}
      hint={t('input.pasteHint')}
      validationMessage={props.message}
      validationState={props.message ? 'error' : 'none'}
    >
      <Textarea
        rows={6}
        resize="vertical"
        textarea={{ spellCheck: false, className: styles.text }}
        onChange={(_, data) => props.onText(data.value)}
      />
    </Field>
  );
}

/** How many records were found; it keeps its place while there are none. */
function Found({ input }: { input: Input | null }) {
  const { t } = useTranslation('exports');
  return (
    <Text role="status" className={styles.found}>
      {input && (input.total === null ? t('input.many') : t('input.found', { count: input.total }))}
    </Text>
  );
}
