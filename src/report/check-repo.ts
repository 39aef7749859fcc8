import { buildModel } from '../model/build-model.ts';
import type { Model } from '../model/types.ts';
import type { Repo } from '../repo/repo.ts';
import { checkModel, type RegisteredRule } from '../rules/check.ts';
import { RULES } from '../rules/registry.generated.ts';
import { suppress } from '../rules/suppressions.ts';
import type { Place } from '../text/place.ts';
import type { CheckReport } from './report.ts';

export interface CheckOptions {
  readonly rules?: readonly RegisteredRule[];
  /** ISO date for ends of life. Default: the day of the table, so that the same input gives the same bytes. */
  readonly today?: string;
}

/** The day on which the table of release cycles was read. */
const TODAY = '2026-08-22';

/** Reads, simulates, joins and judges a repository: all of `check`. Pure apart from reading files through the repo. */
export function checkRepo(
  repo: Repo,
  { rules = RULES, today = TODAY }: CheckOptions = {},
): { readonly report: CheckReport; readonly model: Model } {
  const model = buildModel(repo, { today });
  const { findings, inconclusive } = checkModel(model, rules);
  const { kept, ignored, problems } = suppress(
    findings,
    (file) => repo.text(file),
    (at) => instructionStart(model, at),
  );
  const live = model.targets.filter((t) => !t.orphan);
  return {
    model,
    report: {
      version: 1,
      findings: kept,
      inconclusive,
      targets: model.targets.map((t) => ({
        id: t.id,
        dockerfile: t.dockerfile.file,
        context: t.contextDir,
        ...(t.stage === undefined ? {} : { stage: t.stage }),
        orphan: t.orphan,
        usedBy: t.usedBy.flatMap((r) => ('at' in r ? [`${r.at.file}:${r.at.line}`] : [])),
      })),
      stacks: model.stacks.map((s) => ({ id: s.id, files: s.files, services: s.services.map((v) => v.name) })),
      ignored,
      problems: [
        ...model.repository.problems.map((p) => ({
          at: p.at,
          text: p.text,
          ...(p.remedy === undefined ? {} : { remedy: p.remedy }),
        })),
        ...problems,
      ],
      stats: {
        files: repo.files().length,
        targets: live.length,
        orphans: model.targets.length - live.length,
        stacks: model.stacks.length,
        services: new Set(model.stacks.flatMap((s) => s.services.map((v) => v.name))).size,
        routes: routesOf(model),
        rules: rules.length,
      },
    },
  };
}

/** The first line of the instruction that a place lies in: comments stand above instructions, not inside them. */
function instructionStart(model: Model, at: Place): number {
  const target = model.targets.find((t) => t.dockerfile.file === at.file);
  const instruction = target?.dockerfile.instructions.find(
    (i) => i.place.line <= at.line && at.line <= i.place.endLine,
  );
  return instruction?.place.line ?? at.line;
}

/** Routes of all applications that could be read. */
function routesOf(model: Model): number {
  const tables = model.stacks.flatMap((s) =>
    s.services.flatMap((v) =>
      v.target !== undefined && v.application.known && v.application.value.routes.known
        ? [v.application.value.routes.value]
        : [],
    ),
  );
  const seen = new Set<string>();
  for (const table of tables)
    for (const route of table.routes) seen.add(`${route.at.file}:${route.at.line}:${route.method} ${route.path}`);
  return seen.size;
}
