/** Takes the rows of a file onto the screen, after showing what they would change. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Subtitle2,
} from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';
import { useNotify } from '../../shell/Notifications';
import { ProblemMessage } from '../../ui/ProblemMessage';
import { useEditor } from './EditorContext';
import styles from './lists.module.css';
import type { ObjectType } from './row';
import { AT_ONCE } from './useSaving';

type Imported = components['schemas']['ImportPayload'];
type Importing = ReturnType<typeof useImport>;

/** The file is read by the API, as a dry run: it knows JSON and CSV, and what this organization has no field for. */
export function useImport() {
  const { client } = useApi();
  const { object } = useEditor();
  const reading = useMutation({
    ...AT_ONCE,
    mutationFn: async (file: File) => {
      const answer = await client.POST('/mappings/{object}/import', request(object, file, await file.text()));
      return answer.data as Imported;
    },
  });
  return { choose: () => chooseFile(reading.mutate), reading };
}

export function ImportDialog({ importing: { reading } }: { importing: Importing }) {
  const { t } = useTranslation('mapping');
  const { edit } = useEditor();
  const notify = useNotify();
  const name = reading.variables?.name ?? '';
  const take = ({ rows }: Imported) => {
    edit({ type: 'replaced', rows });
    notify(t('import.done'), 'info');
    reading.reset();
  };
  return (
    <Dialog
      open={reading.isSuccess || reading.isError}
      onOpenChange={(_, { open }) => !open && reading.reset()}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t(reading.isError ? 'import.failed' : 'import.title', { name })}</DialogTitle>
          <DialogContent>
            {reading.isError && <ProblemMessage error={reading.error} />}
            {reading.data && <p>{t('import.detail', { name })}</p>}
            {reading.data && <Effects imported={reading.data} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={reading.reset}>{t('import.cancel')}</Button>
            {reading.data && (
              <Button appearance="primary" onClick={() => take(reading.data)}>
                {t('import.confirm')}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Effects({ imported }: { imported: Imported }) {
  const { t } = useTranslation('mapping');
  const { changes, leftOut } = imported;
  return (
    <>
      {changes.length === 0 && <p>{t('import.noChanges')}</p>}
      {changes.length > 0 && <Sentences title={t('import.changes')} sentences={changes} />}
      {leftOut.length > 0 && (
        <Sentences title={t('import.leftOut')} sentences={leftOut.map(({ message }) => message)} />
      )}
    </>
  );
}

function Sentences({ title, sentences }: { title: string; sentences: string[] }) {
  return (
    <>
      <Subtitle2 as="h3">{title}</Subtitle2>
      <ul className={styles.list}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}

function request(object: ObjectType, file: File, text: string) {
  return {
    params: {
      path: { object },
      query: { dryRun: 'true', unknownColumns: 'leaveOut' } as const,
      header: { 'If-Match': '*' },
    },
    headers: { 'Content-Type': file.name.toLowerCase().endsWith('.csv') ? 'text/csv' : 'application/json' },
    // As it is, even where it is no JSON: the API says what is wrong with it.
    body: text as never,
    bodySerializer: () => text,
  };
}

function chooseFile(read: (file: File) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,.csv,application/json,text/csv';
  input.onchange = () => {
    const file = input.files?.[0];
    if (file) {
      read(file);
    }
  };
  input.click();
}
