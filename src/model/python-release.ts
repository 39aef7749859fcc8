import { type Fact, known, unknown } from '../facts/fact.ts';
import { mayRequire, requirersOf } from '../packages/python-needs.ts';
import { reaches } from '../source/manifests/python-clause.ts';
import type { Release } from '../source/python/releases.ts';
import type { InstalledPython } from './python-packages.ts';

/** From which version on others do not hold a distribution back: each version named here was looked up on 2026-11-21 and asks for no
 * less than the releases of the tables, as do the newest ones and what was looked up between them. Pinned below it, they may. */
const LETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pydantic: {
    fastapi: '0.100',
    openai: '1',
    'pydantic-settings': '2',
    'pydantic-extra-types': '2',
    sqlmodel: '0.0.14',
  },
  sqlalchemy: {
    alembic: '1.6',
    'sqlalchemy-utils': '0.38',
    'flask-sqlalchemy': '2.4.4',
    'marshmallow-sqlalchemy': '0.26',
    // Without their extra: see EXTRAS.
    kombu: '5',
    celery: '5',
    pandas: '1.5',
  },
  flask: {
    'flask-cors': '3',
    'flask-sqlalchemy': '2.4.4',
    'flask-migrate': '2.7',
    'flask-login': '0.5',
    'flask-bcrypt': '1.0.1',
    'flask-wtf': '0.14.3',
    // 4.4.4 asks for Flask<3.
    'flask-jwt-extended': '4.5.3',
    'flask-mail': '0.10',
    'flask-socketio': '5',
    'flask-limiter': '2',
    'flask-marshmallow': '0.14',
    // 2.0.2 asks for Flask<3.
    'flask-caching': '2.1',
  },
  werkzeug: { flask: '2', 'flask-login': '0.5', 'flask-jwt-extended': '4.5.3', 'flask-cors': '3' },
  jinja2: { flask: '2', 'sqlalchemy-utils': '0.38', fastapi: '0.95', starlette: '0.14.2' },
  markupsafe: { flask: '2', wtforms: '2.3.3', mako: '1.2' },
  itsdangerous: { flask: '2', fastapi: '0.95', starlette: '0.14.2', 'flask-wtf': '0.14.3' },
  bcrypt: { passlib: '1.7', chromadb: '0.4' },
  starlette: { 'sse-starlette': '1' },
  pymongo: { beanie: '1' },
  httpx: {
    openai: '1',
    // The extra `test` of 0.95 asks for httpx<0.24.
    fastapi: '0.100',
    starlette: '0.27',
    anthropic: '0.3',
    groq: '0.4',
    chromadb: '0.4',
    'langchain-groq': '0.1',
  },
  numpy: {
    // 0.5.1 to 0.5.5 ask for numpy<2.
    chromadb: '0.5.7',
    pandas: '2.2.2',
    'scikit-learn': '1.4.2',
    'opencv-python': '4.10',
    'opencv-python-headless': '4.10',
    matplotlib: '3.9',
    xgboost: '1.7.6',
    lightgbm: '3.3.5',
    pyarrow: '12',
  },
  // The tokenizers of transformers 4.34 ask for huggingface-hub<0.18.
  'huggingface-hub': { transformers: '4.36', 'langchain-huggingface': '0.0.1' },
  django: {
    djangorestframework: '3.12',
    'django-cors-headers': '3.5',
    'django-filter': '21.1',
    'django-redis': '5',
    channels: '3',
    'django-storages': '1.11.1',
    'django-debug-toolbar': '3.2',
    'django-import-export': '2.5',
    'drf-yasg': '1.20',
  },
  celery: { flower: '1', 'django-celery-beat': '2.2', 'django-celery-results': '2' },
  openai: { 'langchain-openai': '0.0.8' },
};

/** Before which version they did not hold it back yet, looked up likewise. */
const LET: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  numpy: {
    pandas: '2.1',
    'scikit-learn': '1.3',
    'opencv-python': '4.10',
    'opencv-python-headless': '4.10',
    chromadb: '0.5.1',
    'sentence-transformers': '2.3',
    matplotlib: '3.7.3',
  },
};

/** Extras that hold a distribution back in releases that do not without them (kombu 5.3 to 5.6: sqlalchemy<2.1). */
const EXTRAS: Readonly<Record<string, readonly string[]>> = { sqlalchemy: ['celery[sqlalchemy]', 'kombu[sqlalchemy]'] };

/** Whether an install takes a release in which something is gone, or a later one. `letting`: one that is known not to hold it back. */
export function takes(
  installed: InstalledPython,
  release: Pick<Release, 'distribution' | 'from' | 'python' | 'unless'>,
  python: string | undefined,
  letting?: string,
): Fact<boolean> {
  const { distribution, from } = release;
  if (!installed.names.has(distribution)) return known(false);
  if (release.unless?.some((name) => installed.names.has(name)) === true) return known(false);
  const reached = reaches(installed.clauses.get(distribution) ?? '', from);
  if (reached === undefined) return unknown(`which version of ${distribution} is taken is not read`);
  if (!reached) return known(false);
  if (/^==/.test(installed.clauses.get(distribution) ?? '')) return known(true);
  if (python === undefined || reaches(`==${python}`, release.python) !== true)
    return unknown(`${distribution} ${from} may ask for another Python`);
  const extra = EXTRAS[distribution]?.find((one) => installed.extras.has(one));
  if (extra !== undefined) return unknown(`${extra} may hold ${distribution} back`);
  const requirers = requirersOf(distribution);
  for (const [other, clause] of installed.clauses) {
    const lets = LETS[distribution]?.[other];
    const before = LET[distribution]?.[other];
    // Some are in no list of what they require: they asked for it in older releases, or their whole family may.
    if (!requirers.has(other) && lets === undefined && before === undefined && !mayRequire(other, distribution))
      continue;
    // A distribution that names itself for its extras.
    if (other === distribution || other === letting || /^(>=?[\d.]+|\*)?$/.test(clause)) continue;
    if (before !== undefined && reaches(clause, before) === false) continue;
    if (lets === undefined || reaches(clause, lets) !== true)
      return unknown(`${other} ${clause} may hold ${distribution} back`);
  }
  return known(true);
}

/** Whether the other library that makes a release fail is there, in a version that it fails with. */
export function besidePinned(installed: InstalledPython, { beside }: Pick<Release, 'beside'>): boolean {
  if (beside === undefined) return true;
  const clause = installed.clauses.get(beside.distribution);
  if (clause === undefined) return false;
  // There is no release that mends it: any will do.
  if (beside.below === 'none') return installed.names.has(beside.distribution);
  return reaches(clause, beside.below) === false && reaches(clause, beside.from) === true;
}
