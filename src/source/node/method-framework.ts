import { describe, type Value } from '../program/value.ts';

export type MethodFramework = 'Fastify' | 'Koa' | 'Hono';

/** Which of these frameworks made a value. */
export function methodFramework(value: Value): MethodFramework | undefined {
  const name = value.t === 'instance' ? (describe(value) ?? '') : '';
  if (/^fastify(\.(default|fastify))?\(\)(\.withTypeProvider\(\))?$/.test(name)) return 'Fastify';
  if (/^koa(\.default)?\(\)$/.test(name)) return 'Koa';
  return /^(hono(\/\w+)?\.Hono|@hono\/zod-openapi\.OpenAPIHono)\(\)(\.basePath\(\))?$/.test(name) ? 'Hono' : undefined;
}
