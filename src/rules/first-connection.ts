import type { Service } from '../model/types.ts';
import type { Place } from '../text/place.ts';
import { migrationsOf } from './migrations.ts';

/** Something a service certainly does at its start that ends it when the database does not answer. */
export interface FirstConnection {
  /** `alembic upgrade` */
  readonly what: string;
  readonly at: Place;
}

/** Signs of somebody who waits, tries again, or goes on after a failure. */
const WAITS =
  /wait|until|while|retr|sleep|timeout|pg_isready|mysqladmin|dockerize|\bnc\b|\/dev\/tcp|for\s+\w+\s+in|\|\|/i;

/** The migrations in the start command of a service whose failure ends it. Knows nothing of the code. */
export function migrationsThatEnd(service: Service): readonly FirstConnection[] {
  const { process, startTexts } = service;
  if (!process.known || !startTexts.known) return [];
  const said = [...process.value.argv, ...startTexts.value.map((t) => t.text)].join('\n');
  if (WAITS.test(said)) return [];
  return migrationsOf(service)
    .filter((m) => m.hidden === undefined)
    .map(({ command, at }) => ({ what: command, at }));
}

/** `Base.metadata.create_all(bind=engine)` on the top level of the module that makes the application. */
export function tablesMadeAtImport(service: Service, file: string): FirstConnection | undefined {
  const lines = (service.stack.repo.text(file) ?? '').split('\n');
  const index = lines.findIndex((line) =>
    /^(?:\w+\.)*metadata\.create_all\(\s*(?:bind\s*=\s*)?(?:\w+\.)*engine\b/.test(line),
  );
  if (index === -1) return undefined;
  // What stands at the left edge before may loop until the database answers.
  if (lines.slice(0, index).some((line) => /wait_for|sleep\(|retry|sqlite/i.test(line))) return undefined;
  const line = index + 1;
  return {
    what: (lines[index] ?? '').trim(),
    at: { file, line, column: 1, endLine: line, endColumn: (lines[index] ?? '').length + 1 },
  };
}
