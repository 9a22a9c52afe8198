/** What can be done with the mapping as a whole. */
import {
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Toolbar,
  ToolbarButton,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import {
  ArrowDownloadRegular,
  ArrowResetRegular,
  ArrowUploadRegular,
  EyeRegular,
  HistoryRegular,
  MoreHorizontalRegular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DefaultsDialog } from './DefaultsDialog';
import { useEditor } from './EditorContext';
import type { Editing } from './editing';
import { HistoryPanel } from './HistoryPanel';
import { ImportDialog, useImport } from './ImportDialog';
import { useExport } from './useExport';

export function Tools(props: { state: Editing; isDirty: boolean; onPreview: () => void }) {
  const { t } = useTranslation('mapping');
  const { object } = useEditor();
  const [opened, open] = useState<'history' | 'defaults' | null>(null);
  const importing = useImport();
  const download = useExport(object);
  const close = () => open(null);
  const focusComesBack = useRestoreFocusTarget();
  return (
    <>
      <Toolbar aria-label={t('title')}>
        <ToolbarButton {...focusComesBack} icon={<EyeRegular />} onClick={props.onPreview}>
          {t('tools.preview')}
        </ToolbarButton>
        <ToolbarButton {...focusComesBack} icon={<HistoryRegular />} onClick={() => open('history')}>
          {t('tools.history')}
        </ToolbarButton>
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <ToolbarButton icon={<MoreHorizontalRegular />}>{t('tools.more')}</ToolbarButton>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem icon={<ArrowDownloadRegular />} onClick={() => download('json')}>
                {t('tools.exportJson')}
              </MenuItem>
              <MenuItem icon={<ArrowDownloadRegular />} onClick={() => download('csv')}>
                {t('tools.exportCsv')}
              </MenuItem>
              <MenuItem icon={<ArrowUploadRegular />} onClick={importing.choose}>
                {t('tools.import')}
              </MenuItem>
              <MenuDivider />
              <MenuItem icon={<ArrowResetRegular />} onClick={() => open('defaults')}>
                {t('tools.defaults')}
              </MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      </Toolbar>
      <HistoryPanel {...props} isOpen={opened === 'history'} onClose={close} />
      <DefaultsDialog etag={props.state.saved.etag} isOpen={opened === 'defaults'} onClose={close} />
      <ImportDialog importing={importing} />
    </>
  );
}
