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
  sqlalchemy: { alembic: '1.5', 'flask-sqlalchemy': '3', 'flask-migrate': '2', kombu: '5', celery: '5', pandas: '1' },
  flask: { 'flask-cors': '3', 'flask-sqlalchemy': '3', 'flask-migrate': '3', 'flask-login': '0.6.3' },
  werkzeug: { flask: '3' },
};

/** Whether an install takes a release in which something is gone, or a later one. */
export function takes(installed: InstalledPython, release: Release, python: string | undefined): Fact<boolean> {
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
    if (other === distribution || clause === undefined || /^(>=?[\d.]+|\*)?$/.test(clause)) continue;
    const lets = LETS[distribution]?.[other];
    if (lets === undefined || reaches(clause, lets) !== true)
      return unknown(`${other} ${clause} may hold ${distribution} back`);
  }
  return known(true);
}
