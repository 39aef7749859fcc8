import { type Fact, known, unknown } from '../facts/fact.ts';
import { requirersOf } from '../packages/python-needs.ts';
import { reaches } from '../source/manifests/python-clause.ts';
import type { Release } from '../source/python/releases.ts';
import type { InstalledPython } from './python-packages.ts';

/** From which version on others do not hold a distribution back, by their changelogs. */
const LETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pydantic: {
    fastapi: '0.100',
    openai: '1',
    'pydantic-settings': '2',
    'pydantic-extra-types': '2',
    sqlmodel: '0.0.14',
  },
  sqlalchemy: {
    alembic: '1.4',
    'sqlalchemy-utils': '0.30',
    'flask-sqlalchemy': '2',
    'flask-migrate': '2',
    kombu: '5',
    celery: '5',
    pandas: '1',
  },
  flask: {
    'flask-cors': '3',
    'flask-sqlalchemy': '2',
    'flask-migrate': '2',
    'flask-login': '0.4',
    'flask-bcrypt': '0.7',
    'flask-wtf': '0.14',
    'flask-jwt-extended': '4',
    'flask-script': '2',
  },
  werkzeug: { flask: '2', 'flask-login': '0.4', 'flask-jwt-extended': '4', 'flask-restplus': '0.13' },
  jinja2: { flask: '2', 'sqlalchemy-utils': '0.30', fastapi: '0.1', starlette: '0.1' },
  markupsafe: { flask: '2', 'flask-wtf': '0.14', wtforms: '2' },
  itsdangerous: { flask: '2', fastapi: '0.1', starlette: '0.1', 'flask-wtf': '0.14' },
  bcrypt: { passlib: '1', chromadb: '0.4' },
  starlette: { 'sse-starlette': '1', slowapi: '0.1' },
  pymongo: { motor: '3', beanie: '1' },
  httpx: {
    openai: '1',
    fastapi: '0.1',
    starlette: '0.1',
    anthropic: '0.3',
    groq: '0.1',
    chromadb: '0.4',
    'langchain-groq': '0.1',
  },
  numpy: { chromadb: '0.5.4', pandas: '2.2.2', 'scikit-learn': '1.4.2' },
  'huggingface-hub': { transformers: '4', 'sentence-transformers': '2', 'langchain-huggingface': '0.0.1' },
  django: {
    djangorestframework: '3.12',
    'django-cors-headers': '3.5',
    'django-filter': '21',
    'django-redis': '5',
    whitenoise: '5',
    'django-environ': '0.1',
    channels: '3',
  },
  celery: { flower: '1', 'django-celery-beat': '2.2', 'django-celery-results': '2' },
  openai: { 'langchain-openai': '0.1' },
};

/** Before which version they did not hold it back yet. */
const LET: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  numpy: {
    pandas: '2.1',
    'scikit-learn': '1.3',
    'opencv-python': '4.10',
    'opencv-python-headless': '4.10',
    chromadb: '0.5.1',
    'sentence-transformers': '2.3',
    matplotlib: '3.8',
  },
};

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
  for (const other of requirersOf(distribution)) {
    const clause = installed.clauses.get(other);
    // A distribution that names itself for its extras.
    if (other === distribution || other === letting || clause === undefined || /^(>=?[\d.]+|\*)?$/.test(clause))
      continue;
    const lets = LETS[distribution]?.[other];
    const before = LET[distribution]?.[other];
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
