/** Measures what a browser loads before an administrator sees the first page, and refuses a build that exceeds it. */
import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

const BUDGET = 250_000;
const FIRST_PAGE = [
  'src/main.tsx',
  'src/shell/Shell.tsx',
  'src/features/integrations/IntegrationsPage.tsx',
  'src/shell/texts/en.json',
  'src/ui/texts/en.json',
  'src/features/integrations/texts/en.json',
];

export function firstLoad(): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    writeBundle(_, bundle) {
      const size = compressedSize(Object.values(bundle).filter((each) => each.type === 'chunk'));
      console.log(`first load: ${kilobytes(size)} of JavaScript, compressed; at most ${kilobytes(BUDGET)}`);
      if (size > BUDGET) {
        this.error(
          `The first page loads ${kilobytes(size)}; import what it does not need from a lazy route.`,
        );
      }
    },
  };
}

function compressedSize(chunks: Rolldown.OutputChunk[]): number {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const wanted = new Set<string>();
  const add = (name: string) => {
    const chunk = byName.get(name);
    if (!chunk || wanted.has(name)) {
      return;
    }
    wanted.add(name);
    chunk.imports.forEach(add);
  };
  for (const file of FIRST_PAGE) {
    const holder = chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith(`/${file}`)));
    if (!holder) {
      throw new Error(
        `build/firstLoad.ts names ${file}, which no chunk contains; name the file as it is now.`,
      );
    }
    add(holder.fileName);
  }
  return [...wanted].reduce((sum, name) => sum + gzipSync(byName.get(name)?.code ?? '').length, 0);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
