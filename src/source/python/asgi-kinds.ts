import { externalBase } from '../program/ancestry.ts';
import type { Program } from '../program/program.ts';
import type { Instance, Value } from '../program/value.ts';

export const APPLICATIONS = /^(fastapi(\.applications)?\.FastAPI|starlette\.applications\.Starlette)$/;
export const ROUTERS =
  /^(fastapi(\.routing)?\.APIRouter|starlette\.routing\.Router|fastapi_utils\.\w+\.InferringRouter)$/;

/** The value, if it is a FastAPI or Starlette application. */
export function asgiApplication(program: Program, value: Value): Instance | undefined {
  return value.t === 'instance' && APPLICATIONS.test(externalBase(program, value.made) ?? '') ? value : undefined;
}
