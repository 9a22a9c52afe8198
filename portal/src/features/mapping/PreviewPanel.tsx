/** Tries the rows on the screen with one record: what would be sent, to which record of Dynamics, and why. */
import { Button, Checkbox, Field, Radio, RadioGroup, Spinner, Textarea } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';
import { ProblemMessage } from '../../ui/ProblemMessage';
import { useEditor } from './EditorContext';
import { Panel } from './Panel';
import { PreviewResult } from './PreviewResult';
import { payloadOf, type Row } from './row';
import { readRecord, sampleOf, type VendorRecord } from './samples';
import { AT_ONCE } from './useSaving';

type Body = components['schemas']['PreviewBody'];
const KINDS = ['full', 'sparse', 'pasted'] as const;

export function PreviewPanel(props: { rows: Row[]; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('mapping');
  return (
    <Panel
      title={t('preview.title')}
      subtitle={t('preview.subtitle')}
      size="large"
      isOpen={props.isOpen}
      onClose={props.onClose}
    >
      <Trial rows={props.rows} />
    </Panel>
  );
}

function Trial({ rows }: { rows: Row[] }) {
  const { t } = useTranslation('mapping');
  const { catalog } = useEditor();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('full');
  const [text, setText] = useState('');
  const [match, setMatch] = useState(true);
  const preview = usePreview(rows);
  const record = kind === 'pasted' ? readRecord(text) : sampleOf(catalog, kind);
  const isUnreadable = record === null && text.trim() !== '';
  return (
    <>
      <Field label={t('preview.record')}>
        <RadioGroup value={kind} onChange={(_, { value }) => setKind(value as typeof kind)}>
          {KINDS.map((each) => (
            <Radio key={each} value={each} label={t(`preview.samples.${each}`)} />
          ))}
        </RadioGroup>
      </Field>
      {kind === 'pasted' && (
        <Field
          label={t('preview.paste')}
          hint={t('preview.pasteHint')}
          {...(isUnreadable && { validationMessage: t('preview.unreadable') })}
        >
          <Textarea rows={6} resize="vertical" value={text} onChange={(_, { value }) => setText(value)} />
        </Field>
      )}
      <Checkbox
        label={t('preview.match')}
        checked={match}
        onChange={(_, { checked }) => setMatch(checked === true)}
      />
      <div>
        <Button
          appearance="primary"
          icon={preview.isPending ? <Spinner size="tiny" /> : null}
          disabledFocusable={preview.isPending || record === null}
          onClick={() => record && preview.mutate({ record, match })}
        >
          {t(preview.isPending ? 'preview.running' : 'preview.run')}
        </Button>
      </div>
      {preview.isError && <ProblemMessage error={preview.error} />}
      {preview.data && <PreviewResult result={preview.data} />}
    </>
  );
}

function usePreview(rows: Row[]) {
  const { client } = useApi();
  const { object } = useEditor();
  return useMutation({
    ...AT_ONCE,
    mutationFn: async ({ record, match }: { record: VendorRecord; match: boolean }) => {
      const body = { rows: rows.map(({ fields }) => payloadOf(fields)), records: [record], match } as Body;
      const { data } = await client.POST('/mappings/{object}/preview', {
        params: { path: { object } },
        body,
      });
      return data?.items[0];
    },
  });
}
