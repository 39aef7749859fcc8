import { expect, test } from 'vitest';
import { known } from '../../facts/fact.ts';
import { memoryTree } from '../memory-tree.ts';
import { PythonApplication } from './application.ts';
import { pythonWrites } from './files-written.ts';

function writes(source: string, env: Record<string, string> = {}): string[] {
  const { program } = new PythonApplication(memoryTree({ 'app/main.py': source }), { roots: ['app'] });
  const module = program.load('app/main.py');
  const values = new Map(Object.entries(env).map(([name, value]) => [name, known(value)]));
  return pythonWrites(program, module ? [module] : [], values).map(
    ({ path, kind, atImport }) =>
      `${kind} ${path.known ? path.value : `unknown: ${path.why}`}${atImport ? ' at import' : ''}`,
  );
}

test('files are written by open only with a writing mode', () => {
  expect(writes('open("a.txt")')).toEqual([]);
  expect(writes('open("a.txt", "rb")')).toEqual([]);
  expect(writes('open("a.txt", "w")')).toEqual(['file a.txt at import']);
  expect(writes('def f():\n    with open("/data/a", mode="ab") as h: h.write(b"")')).toEqual(['file /data/a']);
  expect(writes('open("a", how())')).toEqual([]);
  expect(writes('def open(path, mode): ...\nopen("a.txt", "w")')).toEqual([]);
});

test('folders are made by os and pathlib, under variables and joins', () => {
  expect(writes('import os\nos.makedirs("data/logs", exist_ok=True)')).toEqual(['folder data/logs at import']);
  expect(writes('import os\nBASE = os.environ.get("DATA", "/var/data")\nos.makedirs(os.path.join(BASE, "x"))')).toEqual(
    ['folder /var/data/x at import'],
  );
  expect(
    writes('import os\nBASE = os.environ.get("DATA", "/var/data")\nos.makedirs(os.path.join(BASE, "x"))', {
      DATA: '/srv/',
    }),
  ).toEqual(['folder /srv/x at import']);
  expect(writes('from pathlib import Path\nP = Path("up") / "loads"\nP.mkdir(parents=True)')).toEqual([
    'folder up/loads at import',
  ]);
  expect(writes('import os\nif os.name == "nt":\n    os.mkdir("x")')).toEqual(['folder x']);
});

test('SQLite files are databases; those in memory and other servers are none', () => {
  expect(writes('import sqlite3\nsqlite3.connect("db.sqlite3")')).toEqual(['database db.sqlite3 at import']);
  expect(writes('import sqlite3\nsqlite3.connect(":memory:")')).toEqual([]);
  expect(writes('from sqlalchemy import create_engine\ncreate_engine("sqlite:////data/app.db?x=1")')).toEqual([
    'database /data/app.db at import',
  ]);
  expect(writes('from sqlalchemy import create_engine\ncreate_engine("sqlite:///./app.db")')).toEqual([
    'database ./app.db at import',
  ]);
  expect(writes('from sqlalchemy import create_engine\ncreate_engine("sqlite:///:memory:")')).toEqual([]);
  expect(writes('from sqlalchemy import create_engine\ncreate_engine("postgresql://db/x")')).toEqual([]);
});

test('log files, temporary files and copies', () => {
  expect(
    writes('from logging.handlers import RotatingFileHandler\nh = RotatingFileHandler("logs/app.log", maxBytes=9)'),
  ).toEqual(['log logs/app.log at import']);
  expect(writes('import tempfile\ndef f():\n    return tempfile.mkdtemp()')).toEqual(['temporary /tmp']);
  expect(writes('import tempfile\ndef f():\n    return tempfile.NamedTemporaryFile(dir="/scratch")')).toEqual([
    'temporary /scratch',
  ]);
  expect(writes('import shutil\ndef f(a):\n    shutil.copy(a, "/backup/x")')).toEqual(['file /backup/x']);
});

test('a path that is computed is not known', () => {
  expect(writes('def f(name):\n    open(name, "w")')[0]).toMatch(/^file unknown/);
});
