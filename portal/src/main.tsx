/** Reads the configuration, signs in where that is under way, and shows the portal. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Session } from './auth/session';
import { readConfig } from './config';
import { startTexts } from './i18n/texts';
import { App } from './shell/App';
import { showStartProblem } from './shell/startProblem';
import './theme/global.css';

async function start(place: HTMLElement): Promise<void> {
  const [config] = await Promise.all([readConfig(), startTexts()]);
  const session = new Session(config);
  if (await session.start()) {
    createRoot(place).render(
      <StrictMode>
        <App config={config} session={session} />
      </StrictMode>,
    );
  }
}

const place = document.getElementById('root');
if (place) {
  start(place).catch((error: unknown) => showStartProblem(place, error));
}
