/** What a sign-in shows beside its button: that it is under way, that the window was blocked, how it ended. */
import { Button, Spinner } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/Notice';
import { ProblemMessage } from '../ui/ProblemMessage';
import type { Begin, SignIn } from './useSignIn';

export function SignInState({ signIn, begin }: { signIn: SignIn; begin: Begin }) {
  const { t, i18n } = useTranslation('dynamics');
  if (signIn.state === 'blocked') {
    return (
      <Notice
        intent="warning"
        title={t('blocked.title')}
        actions={<Button onClick={() => signIn.startHere(begin)}>{t('blocked.here')}</Button>}
      >
        {t('blocked.detail')}
      </Notice>
    );
  }
  if (signIn.state === 'confirming') {
    return (
      <Notice intent="info">
        <Spinner size="tiny" labelPosition="after" label={t('waiting.confirming')} />
      </Notice>
    );
  }
  if (signIn.state !== 'idle') {
    return (
      <Notice intent="info" actions={<Button onClick={signIn.giveUp}>{t('waiting.giveUp')}</Button>}>
        <Spinner size="tiny" labelPosition="after" label={t('waiting.detail')} />
      </Notice>
    );
  }
  if (signIn.error) {
    return <ProblemMessage error={signIn.error} />;
  }
  if (signIn.end && !signIn.end.ok) {
    const code = `ended.${signIn.end.code}`;
    return (
      <Notice intent="error" title={t('notConnected')}>
        {i18n.exists(code, { ns: 'dynamics' }) ? t(code as 'ended.other') : t('ended.other')}
      </Notice>
    );
  }
  return null;
}
