/** A file, by its button or dropped onto the field. */
import { Button, Field, Text } from '@fluentui/react-components';
import { DocumentArrowUpRegular } from '@fluentui/react-icons';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/useFormat';
import type { Input } from './input';
import styles from './Source.module.css';

const KINDS = '.ndjson,.jsonl,.json,.csv,.txt,application/json,application/x-ndjson,text/csv';

interface FileChoiceProps {
  input: Input | null;
  message?: string;
  onFile: (file: File) => void;
}

export function FileChoice(props: FileChoiceProps) {
  const { t } = useTranslation('exports');
  const chooser = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);

  function take(files: FileList | null | undefined) {
    const file = files?.item(0);
    if (file) {
      props.onFile(file);
    }
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  }

  return (
    <Field
      validationMessage={props.message}
      validationState={props.message ? 'error' : 'none'}
      hint={t('input.fileHint')}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's way to what the button does */}
      <div
        className={isOver ? styles.over : styles.drop}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <DocumentArrowUpRegular className={styles.icon} aria-hidden />
        <Chosen input={props.input} />
        <Button onClick={() => chooser.current?.click()}>
          {t(props.input ? 'input.another' : 'input.choose')}
        </Button>
        <input
          ref={chooser}
          type="file"
          hidden
          accept={KINDS}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = '';
          }}
        />
      </div>
    </Field>
  );
}

function Chosen({ input }: { input: Input | null }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  if (!input) {
    return <Text>{t('input.drop')}</Text>;
  }
  const size = t('input.kilobytes', { size: format.number(Math.ceil(input.content.size / 1024)) });
  return (
    <Text>
      <strong className={styles.name}>{input.name}</strong> · {size}
    </Text>
  );
}
