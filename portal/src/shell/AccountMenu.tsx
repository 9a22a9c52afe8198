/** The button that opens the menu of language, theme and account; the menu itself is loaded when first wanted. */
import type { ButtonProps } from '@fluentui/react-components';
import { cloneElement, lazy, type ReactElement, Suspense, useState } from 'react';

const OpenAccountMenu = lazy(async () => ({ default: (await import('./OpenAccountMenu')).OpenAccountMenu }));

export function AccountMenu({ trigger }: { trigger: ReactElement<ButtonProps> }) {
  const [isWanted, setIsWanted] = useState(false);
  const closed = cloneElement(trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: () => setIsWanted(true),
  });
  if (!isWanted) {
    return closed;
  }
  return (
    <Suspense fallback={closed}>
      <OpenAccountMenu trigger={trigger} />
    </Suspense>
  );
}
