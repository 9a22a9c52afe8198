/** Asks before unsaved changes are lost: by a step inside of the portal, or by leaving it. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';

interface LeaveGuardProps {
  isDirty: boolean;
  /** What would be lost. */
  detail: string;
  /** The button that leaves. */
  leave: string;
}

export function LeaveGuard({ isDirty, detail, leave }: LeaveGuardProps) {
  const { t } = useTranslation('ui');
  const asker = useRef<Element | null>(null);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    asker.current = document.activeElement;
    return isDirty && currentLocation.pathname !== nextLocation.pathname;
  });
  const isAsked = blocker.state === 'blocked';
  // Whoever stays goes on where they were.
  useEffect(() => {
    if (!isAsked && asker.current instanceof HTMLElement) {
      asker.current.focus();
    }
  }, [isAsked]);
  useEffect(() => {
    if (!isDirty) {
      return;
    }
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
  return (
    <Dialog open={isAsked} modalType="alert" onOpenChange={(_, { open }) => !open && blocker.reset?.()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('leave.title')}</DialogTitle>
          <DialogContent>{detail}</DialogContent>
          <DialogActions>
            <Button onClick={() => blocker.proceed?.()}>{leave}</Button>
            <Button appearance="primary" onClick={() => blocker.reset?.()}>
              {t('leave.stay')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
