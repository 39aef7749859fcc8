import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registerData } from '../text/data.ts';

/** Lets tables be read from files: `dist/data/images/bases.json` in the package, `src/images/data/bases.json` in the source.
 * Call it once before anything is checked; it reads nothing by itself. */
export function readDataFromFiles(): void {
  registerData((name) => {
    const [folder = '', file = ''] = name.split('/');
    const places = [join('data', folder, `${file}.json`), join('src', folder, 'data', `${file}.json`)];
    let directory = dirname(fileURLToPath(import.meta.url));
    for (let depth = 0; depth < 6; depth++) {
      for (const place of places) {
        const path = join(directory, place);
        if (existsSync(path)) return readFileSync(path, 'utf8');
      }
      directory = dirname(directory);
    }
    throw new Error(`the table ${name} is not part of this installation`);
  });
}
