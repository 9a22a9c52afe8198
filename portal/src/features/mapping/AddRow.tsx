/** Adds a row at the end: a vendor field, a fixed value, or a template. */
import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  useAnnounce,
} from '@fluentui/react-components';
import { AddRegular, BracesRegular, DatabaseRegular, TextTRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useEditor } from './EditorContext';
import { focusPart } from './focus';
import { rowOf, SOURCES, type SourceKind } from './row';

const ICONS = {
  vendorField: <DatabaseRegular />,
  constant: <TextTRegular />,
  template: <BracesRegular />,
};

export function AddRow({ count }: { count: number }) {
  const { t } = useTranslation('mapping');
  const { edit } = useEditor();
  const { announce } = useAnnounce();
  const add = (kind: SourceKind) => {
    const row = rowOf({ [kind]: '', column: '' });
    edit({ type: 'added', row });
    announce(t('add.added', { number: count + 1 }));
    focusPart(row.key, 'source', 'center');
  };
  return (
    <div>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button icon={<AddRegular />}>{t('add.button')}</Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {SOURCES.map((kind) => (
              <MenuItem
                key={kind}
                icon={ICONS[kind]}
                subText={t(`add.${kind}Hint`)}
                onClick={() => add(kind)}
              >
                {t(`add.${kind}`)}
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
    </div>
  );
}
