/** Somebody else saved in the meantime: what is different, and which of the two is to be. */
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
import { useTranslation } from 'react-i18next';
import styles from './lists.module.css';
import type { Saving } from './useSaving';

export function OvertakenDialog({ saving }: { saving: Saving }) {
  const { t } = useTranslation('mapping');
  const { overtaken } = saving;
  return (
    <Dialog
      open={overtaken !== null}
      modalType="alert"
      onOpenChange={(_, { open }) => !open && saving.goOn()}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('overtaken.title')}</DialogTitle>
          <DialogContent>
            <p>{overtaken?.message}</p>
            {overtaken && overtaken.errors.length > 0 && (
              <>
                <Subtitle2 as="h3">{t('overtaken.changes')}</Subtitle2>
                <ul className={styles.list}>
                  {overtaken.errors.map(({ message }) => (
                    <li key={message}>{message}</li>
                  ))}
                </ul>
              </>
            )}
          </DialogContent>
          <DialogActions fluid>
            <Button onClick={saving.takeTheirs}>{t('overtaken.theirs')}</Button>
            <Button onClick={saving.saveMine}>{t('overtaken.mine')}</Button>
            <Button appearance="primary" onClick={saving.goOn}>
              {t('overtaken.cancel')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
