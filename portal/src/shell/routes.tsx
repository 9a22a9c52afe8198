/** Which screen stands at which address; each is loaded when it is first visited. */
import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { usePerson } from '../auth/SessionContext';
import { StartSkeleton } from '../ui/skeletons';
import { AdminOnly } from './AdminOnly';
import { NotFoundPage } from './NotFoundPage';
import { RouteProblem } from './RouteProblem';
import { Shell } from './Shell';

export function createRouter() {
  return createBrowserRouter([
    {
      path: '/',
      Component: Shell,
      HydrateFallback: StartSkeleton,
      ErrorBoundary: RouteProblem,
      children: [{ ErrorBoundary: RouteProblem, children: screens }],
    },
  ]);
}

const forAdmins: RouteObject[] = [
  {
    path: 'integrations',
    lazy: async () => ({
      Component: (await import('../features/integrations/IntegrationsPage')).IntegrationsPage,
    }),
  },
  {
    path: 'integrations/dynamics/connect',
    lazy: async () => ({ Component: (await import('../features/connect/ConnectPage')).ConnectPage }),
  },
  {
    path: 'integrations/dynamics',
    lazy: async () => ({ Component: (await import('../features/general/ManagePage')).ManagePage }),
    children: [
      { index: true, element: <Navigate to="general" replace /> },
      {
        path: 'general',
        lazy: async () => ({ Component: (await import('../features/general/GeneralTab')).GeneralTab }),
      },
      { path: 'mapping', element: <Navigate to="account" replace /> },
      {
        path: 'mapping/:object',
        lazy: async () => ({ Component: (await import('../features/mapping/MappingTab')).MappingTab }),
      },
    ],
  },
  {
    path: 'activity',
    lazy: async () => ({ Component: (await import('../features/activity/ActivityPage')).ActivityPage }),
  },
];

const screens: RouteObject[] = [
  { index: true, Component: Start },
  { Component: AdminOnly, children: forAdmins },
  {
    path: 'settings/integrations',
    lazy: async () => ({ Component: (await import('../features/settings/SettingsPage')).SettingsPage }),
  },
  {
    path: 'export',
    lazy: async () => ({ Component: (await import('../features/exports/NewExportPage')).NewExportPage }),
  },
  {
    path: 'exports',
    lazy: async () => ({ Component: (await import('../features/exports/HistoryPage')).HistoryPage }),
  },
  {
    path: 'exports/:id',
    lazy: async () => ({ Component: (await import('../features/exports/ExportPage')).ExportPage }),
  },
  { path: '*', Component: NotFoundPage },
];

function Start() {
  const { isAdmin } = usePerson();
  return <Navigate to={isAdmin ? '/integrations' : '/export'} replace />;
}
