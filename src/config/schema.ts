import * as v from 'valibot';
import { measures } from '../measure/names.ts';

/** `250`, `60 MB`, `15 s`, `true`: what a budget may be. */
const limit = v.pipe(
  v.union([v.boolean(), v.number(), v.string()]),
  v.description(
    'at most this: bytes as "60 MB", seconds as "15 s", a count; "0 or 143": one of these; true: must hold',
  ),
);

const budgets = v.strictObject(
  Object.fromEntries(
    measures
      .filter((measure) => measure.unit !== 'text')
      .map((measure) => [measure.name, v.optional(v.pipe(limit, v.title(measure.title)))]),
  ),
);

const rule = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a rule’s id has small letters, digits and hyphens'),
);
const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/, 'a day is written 2026-12-31'));
const seconds = v.pipe(v.number(), v.minValue(1));
const httpPath = v.pipe(v.string(), v.regex(/^\//, 'a path begins with /'));

/** `plimsoll.yaml` and `plimsoll.json`: data, never executed. */
export const configSchema = v.pipe(
  v.strictObject({
    $schema: v.optional(v.string()),
    stack: v.optional(
      v.pipe(
        v.strictObject({
          files: v.optional(
            v.pipe(
              v.array(v.string()),
              v.minLength(1),
              v.description('compose files, base first, merged as Compose merges them'),
            ),
          ),
          profiles: v.optional(v.pipe(v.array(v.string()), v.description('profiles that are switched on'))),
        }),
        v.description('which combination of compose files is the production stack; without it Plimsoll finds it'),
      ),
    ),
    prove: v.optional(
      v.pipe(
        v.strictObject({
          runs: v.optional(
            v.pipe(
              v.number(),
              v.integer(),
              v.minValue(1),
              v.maxValue(20),
              v.description('how often times are measured'),
            ),
          ),
          env: v.optional(
            v.pipe(
              v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
              v.description('values for variables, instead of made-up ones; no secrets: this file is in git'),
            ),
          ),
          api: v.optional(v.pipe(v.array(httpPath), v.description('paths of the API behind the front door'))),
          deepLink: v.optional(v.pipe(httpPath, v.description('a path that the page’s own router serves'))),
          healthyWithin: v.optional(v.pipe(seconds, v.description('seconds to wait for a stack to become healthy'))),
          buildWithin: v.optional(v.pipe(seconds, v.description('seconds that one build may take'))),
        }),
        v.description('how prove measures'),
      ),
    ),
    budgets: v.optional(
      v.pipe(budgets, v.description('for every image, service and the stack; a miss fails `plimsoll prove`')),
    ),
    serviceBudgets: v.optional(
      v.pipe(v.record(v.string(), budgets), v.description('by service, instead of the general ones')),
    ),
    failOn: v.optional(
      v.pipe(
        v.picklist(['error', 'warning', 'note', 'never']),
        v.description('findings from this severity on fail `plimsoll check`'),
      ),
    ),
    ignore: v.optional(
      v.pipe(
        v.array(
          v.strictObject({
            rule,
            file: v.optional(v.pipe(v.string(), v.description('only findings in this file; * and ** match'))),
            reason: v.pipe(v.string(), v.minLength(1, 'say why: the next reader wants to know')),
            until: v.optional(v.pipe(day, v.description('from this day on it counts again'))),
          }),
        ),
        v.description('findings that are accepted, each with its reason'),
      ),
    ),
  }),
  v.title('Plimsoll'),
);

export type Config = v.InferOutput<typeof configSchema>;
