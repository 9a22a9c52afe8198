/** Everything that surrounds the screens: theme, session, API, notifications, and the router. */
import { lazy, Suspense, useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { ApiProvider } from '../api/ApiContext';
import { SessionProvider, useSessionState } from '../auth/SessionContext';
import type { Session } from '../auth/session';
import type { PortalConfig } from '../config';
import { ThemeProvider } from '../theme/ThemeContext';
import { StartSkeleton } from '../ui/skeletons';
import { Notifications } from './Notifications';
import { createRouter } from './routes';
import { VendorName } from './VendorName';

const SignInPage = lazy(async () => ({ default: (await import('./SignInPage')).SignInPage }));

export function App(props: { config: PortalConfig; session: Session }) {
  return (
    <ThemeProvider>
      <VendorName value={props.config.vendorName}>
        <SessionProvider session={props.session}>
          <Notifications>
            <ApiProvider baseUrl={props.config.apiUrl}>
              <Screens />
            </ApiProvider>
          </Notifications>
        </SessionProvider>
      </VendorName>
    </ThemeProvider>
  );
}

function Screens() {
  const { person } = useSessionState();
  return <Suspense fallback={<StartSkeleton />}>{person === null ? <SignInPage /> : <SignedIn />}</Suspense>;
}

function SignedIn() {
  const [router] = useState(createRouter);
  return <RouterProvider router={router} />;
}
