import { afterEach, describe, expect, it } from 'vitest';
import { type KeptWork, keepWorkIn } from '../text/kept.ts';
import { memoryTree } from './memory-tree.ts';
import { SourceReader } from './source.ts';

/** Keeps values as JSON, as a file would. */
class Work implements KeptWork {
  readonly values = new Map<string, string>();
  readonly found: string[] = [];
  readonly #made = new Map<string, () => unknown>();

  readonly digest = (content: string | Uint8Array): string => String(content);

  find(name: string): unknown {
    const value = this.values.get(name);
    if (value === undefined) return undefined;
    this.found.push(name.split(' ')[0] ?? '');
    return JSON.parse(value);
  }

  keep(name: string, value: () => unknown): void {
    this.#made.set(name, value);
  }

  nextRun(): void {
    for (const [name, value] of this.#made) this.values.set(name, JSON.stringify(value()));
    this.#made.clear();
    this.found.length = 0;
  }
}

const FILES = {
  '/srv/app/main.py': `from fastapi import FastAPI
from app.routes import router

app = FastAPI()
app.include_router(router, prefix="/api")
`,
  '/srv/app/routes.py': `import os
from fastapi import APIRouter

router = APIRouter()
LIMIT = os.environ["LIMIT"]


@router.get("/health")
def health():
    return {}
`,
  '/srv/app/__init__.py': '',
};

function read(files: Readonly<Record<string, string>>) {
  const process = new SourceReader(memoryTree(files)).process(['uvicorn', 'app.main:app', '--port', '8000'], '/srv', {
    installed: new Set(['fastapi', 'uvicorn']),
  });
  const { routes, launch, environment } = process;
  return {
    launch,
    environment,
    routes: routes.known ? routes.value.routes.map((r) => r.path) : routes.why,
    health: routes.known ? routes.value.serves('GET', '/api/health') : routes,
  };
}

afterEach(() => keepWorkIn(undefined));

describe('what an earlier run read of a process', () => {
  it('is the same as what is read without it', () => {
    const plain = read(FILES);
    expect(plain.routes).toContain('/api/health');
    const work = new Work();
    keepWorkIn(work);
    expect(read(FILES)).toEqual(plain);
    work.nextRun();
    expect(read(FILES)).toEqual(plain);
    // Not one program was read again, not even as a tree.
    expect(work.found).toEqual(['process']);
  });

  it('does not hold when a file says something else', () => {
    const work = new Work();
    keepWorkIn(work);
    read(FILES);
    work.nextRun();
    const changed = { ...FILES, '/srv/app/routes.py': FILES['/srv/app/routes.py'].replace('/health', '/status') };
    const now = read(changed);
    expect(now.routes).toContain('/api/status');
    expect(now.health).toMatchObject({ known: true, value: { served: false } });
    // Files that did not change are still known as trees.
    expect(work.found).toContain('tree');
  });

  it('does not hold when a file is there that was missing', () => {
    const work = new Work();
    keepWorkIn(work);
    const { '/srv/app/routes.py': routes, ...without } = FILES;
    const before = read(without);
    work.nextRun();
    const now = read({ ...without, '/srv/app/routes.py': routes });
    expect(before.routes).not.toContain('/api/health');
    expect(now.routes).toContain('/api/health');
  });

  it('is another thing for another environment', () => {
    const work = new Work();
    keepWorkIn(work);
    const start = (port: string) =>
      new SourceReader(memoryTree(FILES)).process(['uvicorn', 'app.main:app', '--port', port], '/srv').launch.listen;
    const first = start('8000');
    work.nextRun();
    expect(start('9000')).not.toEqual(first);
  });
});
