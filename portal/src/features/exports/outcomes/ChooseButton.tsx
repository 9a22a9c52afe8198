/** For a record that several in Dynamics match: a person sees them and picks one, or has a new one made. */
import { Button, Dialog, DialogSurface, DialogTrigger } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Export, isUnderWay } from '../useExport';
import { ChooseDialog } from './ChooseDialog';
import type { Outcome } from './OutcomeTable';

export function canChoose(found: Export, item: Outcome): boolean {
  const isOpen = item.outcome === 'skipped' && item.match !== null && item.match.chosen === null;
  return (
    isOpen && item.match !== null && item.match.candidates.length > 0 && !found.undoOf && !isUnderWay(found)
  );
}

export function ChooseButton({ found, item }: { found: Export; item: Outcome }) {
  const { t } = useTranslation('exports');
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button size="small" aria-label={t('choose.openRecord', { position: item.position })}>
          {t('choose.open')}
        </Button>
      </DialogTrigger>
      <DialogSurface>{isOpen && <ChooseDialog found={found} item={item} />}</DialogSurface>
    </Dialog>
  );
}
