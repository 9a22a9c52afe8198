import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { firstLoad } from './build/firstLoad.ts';

export default defineConfig({
  plugins: [react(), firstLoad()],
  build: {
    target: 'es2023',
    // Everything is a file of its own: the content security policy allows no data: address.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
});
