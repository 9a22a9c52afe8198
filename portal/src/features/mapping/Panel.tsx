/** A panel at the side, over the page: title, what it is about, the content, and Close. */
import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
  Text,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './lists.module.css';

interface PanelProps {
  title: string;
  subtitle?: string;
  isOpen: boolean;
  onClose: () => void;
  size?: 'small' | 'medium' | 'large';
  children: ReactNode;
}

export function Panel(props: PanelProps) {
  const { t } = useTranslation('mapping');
  return (
    <OverlayDrawer
      open={props.isOpen}
      position="end"
      size={props.size ?? 'medium'}
      onOpenChange={(_, { open }) => !open && props.onClose()}
    >
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <Button
              appearance="subtle"
              icon={<DismissRegular />}
              aria-label={t('options.close')}
              onClick={props.onClose}
            />
          }
        >
          {props.title}
        </DrawerHeaderTitle>
        {props.subtitle && <Text className={styles.soft}>{props.subtitle}</Text>}
      </DrawerHeader>
      <DrawerBody>
        <div className={styles.panel}>{props.children}</div>
      </DrawerBody>
    </OverlayDrawer>
  );
}
