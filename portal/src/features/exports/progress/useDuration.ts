/** A number of seconds as people say it. */
import { useTranslation } from 'react-i18next';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export function useDuration(): (seconds: number) => string {
  const { t } = useTranslation('exports');
  return (exact) => {
    const seconds = Math.max(1, Math.round(exact));
    if (seconds < MINUTE) {
      return t('duration.seconds', { count: seconds });
    }
    if (seconds < HOUR) {
      return t('duration.minutes', { count: Math.round(seconds / MINUTE) });
    }
    return t('duration.hours', { count: Math.round(seconds / HOUR) });
  };
}
