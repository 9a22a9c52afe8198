/** Lets TypeScript know every text: a key that does not exist is a type error. Add a line for each new folder. */
import 'i18next';
import type dynamics from '../dynamics/texts/en.json';
import type activity from '../features/activity/texts/en.json';
import type connect from '../features/connect/texts/en.json';
import type exports from '../features/exports/texts/en.json';
import type general from '../features/general/texts/en.json';
import type integrations from '../features/integrations/texts/en.json';
import type mapping from '../features/mapping/texts/en.json';
import type settings from '../features/settings/texts/en.json';
import type shell from '../shell/texts/en.json';
import type ui from '../ui/texts/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: {
      activity: typeof activity;
      connect: typeof connect;
      dynamics: typeof dynamics;
      exports: typeof exports;
      general: typeof general;
      integrations: typeof integrations;
      mapping: typeof mapping;
      settings: typeof settings;
      shell: typeof shell;
      ui: typeof ui;
    };
  }
}
