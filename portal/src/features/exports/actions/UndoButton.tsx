/** Takes an export back in two steps: a dry run tells what would become of each record, then a person confirms. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from '@fluentui/react-components';
import { ArrowUndoRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useApi } from '../../../api/ApiContext';
import { ProblemMessage } from '../../../ui/ProblemMessage';
import { type Export, useKeepExport } from '../useExport';
import styles from './Actions.module.css';
import { UndoPlan } from './UndoPlan';

export function UndoButton({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const [isOpen, setOpen] = useState(false);
  const changed = found.counts.created + found.counts.updated;
  if (found.dryRun || found.undoOf !== null || found.undoneBy !== null || changed === 0) {
    return null;
  }
  return (
    <Dialog open={isOpen} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button icon={<ArrowUndoRegular />}>{t('action.undo')}</Button>
      </DialogTrigger>
      <DialogSurface>{isOpen && <UndoSteps found={found} />}</DialogSurface>
    </Dialog>
  );
}

function UndoSteps({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const { $api } = useApi();
  const navigate = useNavigate();
  const keep = useKeepExport();
  const path = { id: found.id };
  const trial = $api.useMutation('post', '/exports/{id}/undo');
  const undo = $api.useMutation('post', '/exports/{id}/undo', {
    onSuccess: (started) => {
      keep({ ...found, undoneBy: started.id });
      void navigate(`/exports/${started.id}`);
    },
  });
  const error = trial.error ?? undo.error;
  return (
    <DialogBody>
      <DialogTitle>{t('undo.title')}</DialogTitle>
      <DialogContent className={styles.dialog}>
        <p>{t('undo.detail')}</p>
        {trial.data && <UndoPlan id={trial.data.id} />}
        {error && <ProblemMessage error={error} />}
      </DialogContent>
      <DialogActions>
        <DialogTrigger disableButtonEnhancement>
          <Button>{t('undo.close')}</Button>
        </DialogTrigger>
        {trial.data ? (
          <Button
            appearance="primary"
            disabledFocusable={undo.isPending}
            onClick={() => undo.mutate({ params: { path }, body: { dryRun: false } })}
          >
            {t('undo.confirm')}
          </Button>
        ) : (
          <Button
            appearance="primary"
            disabledFocusable={trial.isPending}
            onClick={() => trial.mutate({ params: { path }, body: { dryRun: true } })}
          >
            {t('undo.try')}
          </Button>
        )}
      </DialogActions>
    </DialogBody>
  );
}
