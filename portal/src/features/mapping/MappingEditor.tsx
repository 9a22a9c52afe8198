/** The mapping of one object as it is edited: tools, rows, and the bar that verifies and saves. */
import { AriaLiveAnnouncer, SearchBox } from '@fluentui/react-components';
import { useMemo, useReducer, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tagged } from '../../api/tagged';
import { LeaveGuard } from '../../ui/LeaveGuard';
import { AddRow } from './AddRow';
import type { Catalog } from './catalog';
import { EditorContext } from './EditorContext';
import { edited, isDirty, type Mapping, startEditing } from './editing';
import { FoundRows } from './FoundRows';
import styles from './MappingEditor.module.css';
import { OptionsPanel } from './OptionsPanel';
import { OvertakenDialog } from './OvertakenDialog';
import { PreviewPanel } from './PreviewPanel';
import type { ObjectType } from './row';
import { SaveBar } from './SaveBar';
import { Tools } from './Tools';
import { UnfedColumns } from './UnfedColumns';
import { useSaving } from './useSaving';

interface EditorProps {
  object: ObjectType;
  catalog: Catalog;
  mapping: Tagged<Mapping>;
}

export function MappingEditor({ object, catalog, mapping }: EditorProps) {
  const [state, edit] = useReducer(edited, mapping, startEditing);
  const [optionsOf, openOptions] = useState<string | null>(null);
  const { t } = useTranslation('mapping');
  const [sought, setSought] = useState('');
  const [isPreviewing, setIsPreviewing] = useState(false);
  const dirty = useMemo(() => isDirty(state), [state]);
  const saving = useSaving(object, state, edit);
  const editor = useMemo(() => ({ object, catalog, edit, openOptions }), [object, catalog]);
  useNews(mapping, state.saved.etag, (news) => !dirty && edit({ type: 'loaded', mapping: news }));
  return (
    <EditorContext value={editor}>
      <AriaLiveAnnouncer>
        <div className={styles.editor}>
          <div className={styles.tools}>
            <SearchBox
              className={styles.search}
              aria-label={t('search')}
              placeholder={t('search')}
              value={sought}
              onChange={(_, { value }) => setSought(value)}
            />
            <Tools state={state} isDirty={dirty} onPreview={() => setIsPreviewing(true)} />
          </div>
          <UnfedColumns rows={state.rows} />
          <FoundRows state={state} text={sought} />
          <AddRow count={state.rows.length} />
          <SaveBar
            state={state}
            isDirty={dirty}
            saving={saving}
            onDiscard={() => edit({ type: 'loaded', mapping })}
          />
        </div>
        <OptionsPanel rows={state.rows} openKey={optionsOf} onClose={() => openOptions(null)} />
        <PreviewPanel rows={state.rows} isOpen={isPreviewing} onClose={() => setIsPreviewing(false)} />
        <OvertakenDialog saving={saving} />
        <LeaveGuard isDirty={dirty} detail={t('leave.detail')} leave={t('leave.leave')} />
      </AriaLiveAnnouncer>
    </EditorContext>
  );
}

/** Somebody else's save comes in with a later reading; rows that are being edited are left alone. */
function useNews(mapping: Tagged<Mapping>, known: string, take: (news: Tagged<Mapping>) => void): void {
  const [seen, setSeen] = useState(mapping.etag);
  if (mapping.etag !== seen) {
    setSeen(mapping.etag);
    if (mapping.etag !== known) {
      take(mapping);
    }
  }
}
