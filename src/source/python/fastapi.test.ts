import { expect, test } from 'vitest';
import { memoryTree } from '../memory-tree.ts';
import type { RouteTable } from '../routes/route-table.ts';
import { PythonApplication } from './application.ts';

function table(files: Record<string, string>, entry: string, env = new Map()): RouteTable {
  const app = new PythonApplication(memoryTree(files), { roots: [''] });
  const fact = app.routes(app.entry(entry, 'app'), env);
  if (!fact.known) throw new Error(fact.why);
  return fact.value;
}

function answer(routes: RouteTable, method: string, path: string): string {
  const fact = routes.serves(method, path);
  if (!fact.known) return `unknown: ${fact.why}`;
  if (fact.value.served)
    return fact.value.redirect === undefined ? `yes ${fact.value.route.path}` : `redirect ${fact.value.redirect}`;
  return `no${fact.value.otherMethods.length > 0 ? ' 405' : ''}; near ${fact.value.nearest.map((route) => route.path).join(' ')}`;
}

test('routers of other files are served under the prefixes of all include_router calls', () => {
  const routes = table(
    {
      'app/__init__.py': '',
      'app/main.py': `
from fastapi import FastAPI
from app.api import api_router
from .core.config import settings
app = FastAPI(title="x", openapi_url=f"{settings.API_V1_STR}/openapi.json")
app.include_router(api_router, prefix=settings.API_V1_STR)
@app.get("/health")
def health(): return {"ok": True}
`,
      'app/core/__init__.py': '',
      'app/core/config.py': `
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    API_V1_STR: str = "/api/v1"
settings = Settings()
`,
      'app/api/__init__.py': `
from fastapi import APIRouter
from app.api.routes import items, users as people
api_router = APIRouter()
api_router.include_router(items.router, prefix="/items", tags=["items"])
for r in [people.router]:
    api_router.include_router(r)
`,
      'app/api/routes/__init__.py': '',
      'app/api/routes/items.py': `
from fastapi import APIRouter
router = APIRouter()
@router.get("/")
async def read_items(): ...
@router.get("/{id}")
async def read_item(id: int): ...
`,
      'app/api/routes/users.py': `
from fastapi import APIRouter
router = APIRouter(prefix="/users")
@router.post("", status_code=201)
async def create(): ...
`,
    },
    'app.main:app',
  );
  expect(answer(routes, 'GET', '/health')).toBe('yes /health');
  expect(answer(routes, 'GET', '/api/v1/items/')).toBe('yes /api/v1/items/');
  expect(answer(routes, 'GET', '/api/v1/items')).toBe('redirect /api/v1/items/');
  expect(answer(routes, 'GET', '/api/v1/items/7')).toBe('yes /api/v1/items/{id}');
  expect(answer(routes, 'GET', '/api/v1/users')).toBe('no 405; near /api/v1/users');
  expect(answer(routes, 'GET', '/api/v1/openapi.json')).toBe('yes /api/v1/openapi.json');
  expect(answer(routes, 'GET', '/docs')).toBe('yes /docs');
  expect(answer(routes, 'GET', '/api/health')).toBe('no; near /health');
  expect(answer(routes, 'HEAD', '/health')).toBe('no 405; near /health');
  expect(routes.open).toEqual([]);
});
