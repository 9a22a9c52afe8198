/** Shows each notification for a while. */
import { Toast, Toaster, ToastTitle, useId, useToastController } from '@fluentui/react-components';
import { useEffect } from 'react';
import type { Notification } from './Notifications';

export function Toasts({ latest }: { latest: Notification }) {
  const id = useId('notifications');
  const { dispatchToast } = useToastController(id);
  useEffect(() => {
    const toast = (
      <Toast>
        <ToastTitle>{latest.sentence}</ToastTitle>
      </Toast>
    );
    dispatchToast(toast, { intent: latest.intent, toastId: `notification-${latest.number}` });
  }, [dispatchToast, latest]);
  return <Toaster toasterId={id} position="bottom-end" />;
}
